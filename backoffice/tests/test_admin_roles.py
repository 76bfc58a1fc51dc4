"""The matrix of roles is readable, complete, and shown to those who keep accounts only."""

from backoffice.roles import ROLES


def test_the_matrix_says_what_each_role_may(desk_of, house_admin, manager, retreat):
    """Z7: in plain words, every permission of every role."""
    page = desk_of(house_admin).get("/admin/roles/").content.decode()
    assert "check guests in" in page and "see every property" in page
    assert all(role.replace("_", " ") in page for role in ROLES)
    assert desk_of(manager).get("/admin/roles/").status_code == 403


def test_the_addresses_of_a_role(desk_of, house_admin, manager, retreat):
    client = desk_of(house_admin)
    desk = client.get("/admin/roles/front_desk/").content.decode()
    assert "check-in" in desk and "doctor/reviews" not in desk
    assert "/api/v1/auth/login" in client.get("/admin/roles/anonymous/").content.decode()
    assert client.get("/admin/roles/nobody-knows/").status_code == 404
    assert desk_of(manager).get("/admin/roles/front_desk/").status_code == 403
