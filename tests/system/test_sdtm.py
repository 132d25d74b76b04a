"""An SDTM study of our own making, messy on purpose, through import and daemon: every row is accounted for."""

import csv
import json

import pytest

from daemon import Daemon, ctl, ctl_json

STUDY = "OWN-SDTM-1"
COLUMNS = {
    "dm": "STUDYID DOMAIN USUBJID SUBJID RFSTDTC RFENDTC RFICDTC DTHDTC DTHFL SITEID AGE AGEU SEX ARM ACTARM DMDTC",
    "vs": "STUDYID DOMAIN USUBJID VSSEQ VSTESTCD VSTEST VSORRES VSORRESU VSSTRESC VSSTRESN VSSTRESU VSSTAT VSDTC",
    "lb": "STUDYID DOMAIN USUBJID LBSEQ LBTESTCD LBTEST LBORRES LBORRESU LBSTRESC LBSTRESN LBSTRESU LBSTAT LBDTC",
    "ae": "STUDYID DOMAIN USUBJID AESEQ AESPID AETERM AEDECOD AESEV AESER AEREL AEOUT AETOXGR AEDTC AESTDTC AEENDTC",
    "cm": "STUDYID DOMAIN USUBJID CMSEQ CMTRT CMDECOD CMINDC CMDOSE CMDOSU CMROUTE CMDTC CMSTDTC CMENDTC",
    "ds": "STUDYID DOMAIN USUBJID DSSEQ DSTERM DSDECOD DSCAT DSDTC DSSTDTC",
    "ex": "STUDYID DOMAIN USUBJID EXSEQ EXTRT EXDOSE EXDOSU EXDOSFRQ EXROUTE EXSTDTC EXENDTC",
}
SUBJECTS = ["S-001", "S-002", "S-003"]
MAPPING = """
cohort: OWN
utc_offset: "+01:00"
cell_products:
  OWN-CELLS: {system: "urn:own", code: "cells", display: "cells of our own"}
"""


def _row(domain, subject, sequence, **values):
    row = dict.fromkeys(COLUMNS[domain].split(), "")
    row.update(STUDYID=STUDY, DOMAIN=domain.upper(), USUBJID=subject)
    if domain != "dm":
        row[domain.upper() + "SEQ"] = str(sequence)
    row.update(values)
    return row


def _vital(subject, sequence, test, result, unit, when, **more):
    return _row("vs", subject, sequence, VSTESTCD=test, VSTEST=test, VSORRES=result, VSORRESU=unit, VSSTRESC=result, VSSTRESN=result,
                VSSTRESU=unit, VSDTC=when, **more)


def _lab(subject, sequence, test, result, unit, when, **more):
    return _row("lb", subject, sequence, LBTESTCD=test, LBTEST=test, LBORRES=result, LBORRESU=unit, LBSTRESC=result,
                LBSTRESN=result, LBSTRESU=unit, LBDTC=when, **more)


def study():
    """The domains' rows; with the sound ones, what a real study brings: partial dates, no result, repeats, strangers."""
    rows = {domain: [] for domain in COLUMNS}
    for place, subject in enumerate(SUBJECTS):
        rows["dm"].append(_row("dm", subject, 0, SUBJID=subject, RFSTDTC="2024-03-01", SITEID="01", AGE=str(50 + place), AGEU="YEARS",
                               SEX="FM"[place % 2], ARM="CAR-T", ACTARM="CAR-T", DMDTC="2024-02-20",
                               DTHDTC="2024-06-30" if place == 2 else "", DTHFL="Y" if place == 2 else ""))
        sequence = 0
        for day in range(1, 11):
            for hour in ("06:00", "14:00", "22:00"):
                when = f"2024-03-{day:02}T{hour}"
                for test, result, unit in (("TEMP", "39.2" if day in (3, 4) else "36.8", "C"), ("SYSBP", str(110 + day), "mmHg"),
                                           ("DIABP", "70", "mmHg"), ("OXYSAT", "97", "%")):
                    sequence += 1
                    rows["vs"].append(_vital(subject, sequence, test, result, unit, when))
            rows["lb"].append(_lab(subject, day, "PLAT", str(150 - 5 * day), "10^9/L", f"2024-03-{day:02}T07:00"))
        rows["ex"].append(_row("ex", subject, 1, EXTRT="FLUDARABINE", EXDOSE="30", EXDOSU="mg/m2", EXDOSFRQ="ONCE",
                               EXROUTE="INTRAVENOUS", EXSTDTC="2024-02-25", EXENDTC="2024-02-27"))
        rows["ex"].append(_row("ex", subject, 2, EXTRT="OWN-CELLS", EXDOSE="100", EXDOSU="10^6 CELLS", EXDOSFRQ="ONCE",
                               EXROUTE="INTRAVENOUS", EXSTDTC="2024-03-01T10:00", EXENDTC="2024-03-01T10:30"))
        rows["ae"].append(_row("ae", subject, 1, AESPID="1", AETERM="FEVER", AEDECOD="PYREXIA", AESEV="MILD", AESER="N",
                               AEOUT="RECOVERED/RESOLVED", AETOXGR="1", AEDTC="2024-03-05", AESTDTC="2024-03-03",
                               AEENDTC="2024-03-05"))
        rows["cm"].append(_row("cm", subject, 1, CMTRT="PARACETAMOL", CMDECOD="PARACETAMOL", CMINDC="FEVER", CMDOSE="500", CMDOSU="mg",
                               CMROUTE="ORAL", CMDTC="2024-03-05", CMSTDTC="2024-03", CMENDTC=""))
        rows["ds"].append(_row("ds", subject, 1, DSTERM="RANDOMIZED", DSDECOD="RANDOMIZED", DSCAT="PROTOCOL MILESTONE",
                               DSDTC="2024-02-20", DSSTDTC="2024-02-20"))
    first = SUBJECTS[0]
    rows["vs"] += [
        _vital(first, 901, "TEMP", "", "C", "2024-03-11T06:00"),                          # no result
        _vital(first, 902, "TEMP", "", "", "2024-03-11T14:00", VSSTAT="NOT DONE"),        # says that it was not done
        _vital(first, 903, "TEMP", "37.0", "C", ""),                                      # no date
        _vital("S-999", 904, "TEMP", "37.0", "C", "2024-03-11T06:00"),                    # nobody's
        _vital(first, 905, "TEMP", "37.0", "C", "2024-03-11T06:00", STUDYID="ANOTHER"),   # another study's
        _vital(first, 906, "TEMP", "39.9", "C", "2024-03-12T06:00"),
        _vital(first, 907, "TEMP", "39.9", "C", "2024-03-12T06:00"),                      # the same again
        _vital(first, 908, "", "5", "C", "2024-03-12T06:00"),                             # no test
        _vital(first, 909, "TEMP", "warm", "C", "2024-03-13T06:00"),                      # a word for a number
        _vital(first, 910, "TEMP", "37.0", "furlong", "2024-03-13T07:00"),                # a unit that nobody knows
    ]
    return rows


EXPECTED_DROPS = {
    "VS": {"no_result": 1, "no_date": 1, "no_subject": 1, "other_study": 1, "duplicate": 1, "no_test": 1},
    "DS": {"no_counterpart": len(SUBJECTS)},  # randomised: nothing of ours says this
}


@pytest.fixture(name="folder")
def fixture_folder(tmp_path):
    folder = tmp_path / "sdtm"
    folder.mkdir()
    for domain, rows in study().items():
        with open(folder / f"{domain}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS[domain].split(), quoting=csv.QUOTE_NONNUMERIC)
            writer.writeheader()
            writer.writerows(rows)
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return folder


def test_every_row_of_a_study_is_accounted_for_up_to_the_daemon(folder, tmp_path):
    rows = study()
    mapping = tmp_path / "mapping.yaml"
    settings = tmp_path / "settings.yaml"
    settings.write_text(ctl("import", "sdtm", folder, "--mapping", mapping, "--print-config").stdout, encoding="utf-8")
    ctl("import", "sdtm", folder, "--mapping", mapping, "--quiet", "--report", tmp_path / "report.json", "--out",
        tmp_path / "study.cvlog")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    for domain, lines in ((domain.upper(), lines) for domain, lines in rows.items()):
        counted = report["domains"][domain]
        assert counted["rows"] == len(lines), domain
        assert counted["imported"] + counted["dropped"] == len(lines), domain
        assert counted["reasons"] == EXPECTED_DROPS.get(domain, {}), domain
    assert report["subjects_without_infusion"] == 0

    daemon = Daemon(tmp_path / "daemon")
    daemon.config_file = settings
    daemon.start()
    try:
        sent = ctl_json("send", tmp_path / "study.cvlog", "--to", daemon.url)
        assert sum(sent["outcomes"].values()) == sent["messages"] == sum(d["events"] for d in report["domains"].values())
        assert not {"rejected", "quarantined"} & set(sent["outcomes"]), sent["outcomes"]
        # The same study again changes nothing.
        again = ctl_json("send", tmp_path / "study.cvlog", "--to", daemon.url)
        assert again["outcomes"] == {"duplicate": sent["messages"]}
        assert daemon.stop() == 0
        verified = ctl_json("verify", "--data", daemon.data, "--config", settings)
        assert verified["whole"], verified
        fever = ctl_json("explain", f"{STUDY}/{SUBJECTS[0]}", "--at", "2024-03-03T20:00:00Z", "--data", daemon.data, "--config", settings)
        assert [line["grade"] for line in fever["standing"] if line["scale"] == "ASTCT_CRS_2019"] == [1], fever
    finally:
        daemon.close()
