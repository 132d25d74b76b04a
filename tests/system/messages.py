"""A few sound messages by hand, as JSON: one subject's infusion and vital signs."""

import datetime
import json
import uuid

STUDY, COHORT = "CCAR039-SIM", "C-CAR039"  # known to a daemon without configuration
INFUSED = datetime.datetime(2026, 6, 1, 10, 0, tzinfo=datetime.timezone.utc)


def message(subject: str, at: datetime.datetime, record: str, **payload) -> dict:
    return {
        "message_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{subject}/{record}")),
        "source_system": "ward", "study_id": STUDY, "cohort_id": COHORT, "site_id": "site-01", "subject_id": subject,
        "record_id": record, "record_version": 1, "action": "CREATE",
        "effective": {"instant": at.isoformat(), "precision": "MINUTE", "utc_offset_minutes": 0},
        "recorded_at": (at + datetime.timedelta(minutes=1)).isoformat(), "origin": "EHR", **payload}


def infusion(subject: str) -> dict:
    return message(subject, INFUSED, "infusion", infusion={
        "product": {"system": "urn:example:products", "code": "CART"}, "infusion_number": 1, "dose": {"value": 100, "unit": "10*6"}})


def vital(subject: str, hours: float, code: str, value: float, unit: str) -> dict:
    at = INFUSED + datetime.timedelta(hours=hours)
    return message(subject, at, f"{code}/{hours:g}", observation={
        "code": {"system": "http://loinc.org", "code": code}, "quantity": {"value": value, "unit": unit}, "status": "FINAL"})


def temperature(subject: str, hours: float, celsius: float) -> dict:
    return vital(subject, hours, "8310-5", celsius, "Cel")


def shock(subject: str, hours: float = 48) -> list:
    """Fever and two vasopressors on day 2: CRS grade 4 by the ASTCT rules, hence an alert."""
    at = INFUSED + datetime.timedelta(hours=hours)

    def pressor(code, rate):
        return message(subject, at, f"pressor/{code}", intervention={
            "kind": "VASOPRESSOR", "phase": "START", "indication": "HYPOTENSION", "course_id": code, "by_infusion": True,
            "agent": {"system": "http://www.whocc.no/atc", "code": code}, "rate": {"value": rate, "unit": "ug/kg/min"}})

    return [infusion(subject), temperature(subject, hours - 1, 39.4), pressor("C01CA03", 0.2), pressor("C01CA24", 0.1)]


def lines(messages) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in messages).encode()
