"""Character education: workshops on virtues, days of service, and a virtue for each month."""
