"""The SST plan: company for families, closed circles for comfort, and group courses taught module by module."""
