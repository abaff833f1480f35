"""The planner: a frozen problem in, an audited plan out; knows neither database nor web."""
