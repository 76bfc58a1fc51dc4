"""Prices, policies, tax, questions: edited by those who may, with the rules the database keeps."""

from datetime import timedelta

import pytest

from audit.models import History
from medical.models import Questionnaire, RedFlagRule
from programs.models import CancellationPolicy, ChildRate, Program, RateBand, TaxRule

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def band_form(retreat, standard):
    return {
        "label": "Winter",
        "property": retreat.pk,
        "room_type": standard.pk,
        "nights_min": "3",
        "nights_max": "7",
        "season_from": "2027-11-01",
        "season_to": "2028-02-28",
        "weekdays": ["4", "5"],
        "single": "50000",
        "double": "90000",
        "priority": "-1",
        "active": "on",
    }


def test_a_new_band(desk_of, manager, reservations, band_form):
    add = "/admin/programs/rateband/add/"
    assert desk_of(reservations).post(add, band_form).status_code == 403
    assert desk_of(manager).post(add, band_form).status_code == 302
    band = RateBand.objects.get(label="Winter")
    assert (band.weekdays, band.priority) == ([4, 5], -1)
    assert History.objects.get(event="added").actor_name == "Mana Ger"


@pytest.mark.parametrize(
    "wrong",
    [
        {"single": "-1"},
        {"double": "NaN"},
        {"single": "1e9999"},
        {"single": ""},
        {"nights_min": "0"},
        {"nights_max": "2"},
        {"season_to": "2027-01-01"},
        {"weekdays": ["7"]},
        {"extra_adult": "-5"},
    ],
)
def test_bands_that_make_no_sense(desk_of, manager, band_form, wrong):
    before = RateBand.objects.count()
    answer = desk_of(manager).post("/admin/programs/rateband/add/", {**band_form, **wrong})
    assert answer.status_code == 200 and answer.context["adminform"].form.errors
    assert RateBand.objects.count() == before


def test_policies_have_versions(retreat, desk_of, manager, today):
    first = CancellationPolicy.objects.get()
    client = desk_of(manager)
    url = f"/admin/programs/cancellationpolicy/{first.pk}"
    assert client.post(f"{url}/change/", {"name": "Hacked", "tiers": "0 | 100"}).status_code == 403
    copy = client.get(f"{url}/copy/", follow=True)
    form = copy.context["adminform"].form
    assert form.initial["tiers"] == first.tiers and "8 | 100" in copy.content.decode()
    data = {"property": retreat.pk, "name": "House", "tiers": "15 | 100\n0 | 25 %", "valid_from": today.isoformat()}
    assert client.post("/admin/programs/cancellationpolicy/add/", data).status_code == 302
    second = CancellationPolicy.objects.get(version=2)
    assert second.tiers == [{"min_days": 15, "percent": 100}, {"min_days": 0, "percent": 25}]
    first.refresh_from_db()
    assert (first.name, first.version) == ("House", 1)
    assert client.get("/admin/programs/cancellationpolicy/add/?copy=x").status_code == 200


@pytest.mark.parametrize("tiers", ["", "8 | 100", "0 | 50\n8 | 100", "8 | 50\n0 | 100", "8 | 101\n0 | 0", "x | y", "8"])
def test_ladders_that_make_no_sense(retreat, desk_of, manager, today, tiers):
    data = {"property": retreat.pk, "name": "House", "tiers": tiers, "valid_from": today.isoformat()}
    assert desk_of(manager).post("/admin/programs/cancellationpolicy/add/", data).status_code == 200
    assert CancellationPolicy.objects.count() == 1


def test_a_tax_rule_in_force_is_history(retreat, desk_of, manager, today):
    rule, client = TaxRule.objects.get(), desk_of(manager)
    form = {"code": "accommodation", "sac": "996311", "threshold": "7500", "rate_low": "5", "rate_high": "12"}
    url = f"/admin/programs/taxrule/{rule.pk}/change/"
    assert client.get(url).status_code == 200
    assert client.post(url, {**form, "valid_from": "2025-09-22"}).status_code == 403
    coming = {**form, "valid_from": (today + timedelta(90)).isoformat()}
    assert client.post("/admin/programs/taxrule/add/", coming).status_code == 302
    assert TaxRule.objects.count() == 2 and TaxRule.objects.get(pk=rule.pk).rate_high == 18


def test_child_rates_do_not_overlap(retreat, desk_of, manager):
    add = "/admin/programs/childrate/add/"
    data = {"property": retreat.pk, "age_from": "10", "age_to": "15", "amount": "9000"}
    assert desk_of(manager).post(add, data).status_code == 200
    assert desk_of(manager).post(add, {**data, "age_from": "13"}).status_code == 302
    assert ChildRate.objects.count() == 3


def test_a_program_in_plain_text(retreat, program, desk_of, manager, editor):
    url = f"/admin/programs/program/{program.pk}/change/"
    form = {
        "name": "Detox",
        "type": program.type_id,
        "sections": "What happens\nLess, and slowly.\n\nHow it feels\nLight.",
        "day": "07:00 | Tea\n08:30 | Walk",
        "included": "Meals",
        "min_nights": "5",
        "max_nights": "21",
        "min_age": "18",
        "position": "0",
        "published": "on",
        "needs_medical_review": "on",
    }
    client = desk_of(manager)
    assert client.post(url, {**form, "max_nights": "2"}).status_code == 200
    assert client.post(url, {**form, "sections": "A title alone"}).status_code == 200
    assert client.post(url, form).status_code == 302
    program = Program.objects.get(pk=program.pk)
    assert program.sections[1] == {"title": "How it feels", "body": "Light."}
    assert program.day[0] == {"time": "07:00", "what": "Tea"} and program.included == ["Meals"]
    assert desk_of(editor).get(url).status_code == 200 and desk_of(editor).post(url, form).status_code == 403


def test_red_flags_belong_to_the_lead(retreat, desk_of, medical_lead, doctor, manager):
    add = "/admin/medical/redflagrule/add/"
    data = {"label": "Heart", "severity": "3", "link_id": "heart", "operator": "is", "value": "yes"}
    client = desk_of(medical_lead)
    for wrong in ({"link_id": "nothing"}, {"severity": "4"}, {"operator": "gte", "value": "many"}, {"value": ""}):
        assert client.post(add, {**data, **wrong}).status_code == 200
    assert client.post(add, data).status_code == 302
    assert client.post(add, {**data, "link_id": "bmi", "operator": "gte", "value": "35"}).status_code == 302
    assert sorted(str(rule.value) for rule in RedFlagRule.objects.all()) == ["35", "True"]
    rows = [row.data for row in History.objects.filter(subject__startswith="redflagrule")]
    assert len(rows) == 2 and all("Heart" not in str(row) for row in rows), "no medical word in the history"
    rule = RedFlagRule.objects.first()
    for person in (doctor, manager):
        assert desk_of(person).post(add, data).status_code == 403
        assert desk_of(person).post(f"/admin/medical/redflagrule/{rule.pk}/delete/", {"post": "yes"}).status_code == 403
    assert RedFlagRule.objects.count() == 2


def test_questionnaires_are_read_as_fhir(retreat, desk_of, medical_lead, front_desk):
    row, client = Questionnaire.objects.get(), desk_of(medical_lead)
    answer = client.get(f"/admin/medical/questionnaire/{row.pk}/fhir.json")
    assert answer["Content-Type"] == "application/fhir+json" and answer.json() == row.definition
    assert client.get(f"/admin/medical/questionnaire/{row.pk}/fhir/").status_code == 302
    assert "Heart trouble?" in client.get(f"/admin/medical/questionnaire/{row.pk}/change/").content.decode()
    assert client.post(f"/admin/medical/questionnaire/{row.pk}/change/", {"title": "x"}).status_code == 403
    assert desk_of(front_desk).get(f"/admin/medical/questionnaire/{row.pk}/fhir.json").status_code == 403
