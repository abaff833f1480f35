"""The link of school and community: homework rooms and open days at partner schools, and the agreements with them."""
