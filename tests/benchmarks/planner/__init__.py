"""How good plans are after how long, beside a textbook model and other planners, by the referee's count."""
