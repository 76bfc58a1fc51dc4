"""Who signs the letters of the house."""

from rooms.models import Property
from rooms.queries import signs


def test_the_number_is_written_as_people_read_it(db):
    Property.objects.create(slug="here", name="Here", phone="+918915550100")
    assert signs()["phone"] == "+91 891 555 0100"
