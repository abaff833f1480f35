"""Children's wishes to places: a frozen problem in, an allocation out; knows neither database nor web."""
