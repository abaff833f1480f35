"""Registration pages: the desk, receipts, lists of activities, and what terms and activities take."""
