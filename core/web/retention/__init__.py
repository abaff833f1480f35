"""What has been kept long enough: shown to the head before it goes, and kept longer with a reason."""
