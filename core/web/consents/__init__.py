"""Guardians' consents as staff keep them, what each guardian may do, and the addresses handed out to them."""
