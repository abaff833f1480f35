from core.domain.actor import Role


def test_all(sign_in, county, app):
    b = sign_in(Role.ADMINISTRATOR)
    for r in sorted({str(r) for r in app.url_map.iter_rules() if str(r).startswith("/admin")}):
        print(r)
    for path in (
        ["/admin/"]
        + sorted({str(r) for r in app.url_map.iter_rules() if str(r).startswith("/admin") and str(r).count("/") == 3})
        + sorted({str(r) for r in app.url_map.iter_rules() if str(r).endswith("/new/")})
    ):
        a = b.get(path)
        print(path, a.status_code)
        assert a.status_code == 200, a.get_data(as_text=True)
