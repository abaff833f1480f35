"""Who somebody is: Flask-Security's sign-in, second factors and passkeys on our accounts, and the pages around them."""
