"""Who read what and who changed what, without a secret."""

from __future__ import annotations

from sqlalchemy import select

from toguna.accounts.audit import audit, note_reads
from toguna.accounts.links import make_link, use_link
from toguna.accounts.login import Attempt, log_in
from toguna.accounts.users import NewAccount, add_account, change_role, close_account, find_account
from toguna.store.register.account_tables import AuditEntry

PASSWORD = "three donkeys cross the river"


def test_reads_of_sensitive_records_are_kept(gate, hand, enrol) -> None:
    enrol("fatou")
    note_reads(gate, "fatou", "report", ["reports:1", "reports:2"])
    hand.pass_by(minutes=1)
    note_reads(gate, "moussa", "reporter", ["reports:1"])
    with gate.register.read() as session:
        mine = audit(session, by="fatou", act="read-report")
        last = audit(session, most=1)
    assert [(e.at, e.subject) for e in mine] == [
        ("2015-11-24T12:00:00+00:00", "reports:2"),
        ("2015-11-24T12:00:00+00:00", "reports:1"),
    ]
    assert [(e.by, e.act) for e in last] == [("moussa", "read-reporter")]


def test_acts_on_accounts_are_kept_without_secrets(gate, enrol) -> None:
    enrol("root1", "admin")
    with gate.register.write() as session:
        account = add_account(session, NewAccount("fatou", "monitor"), by="root1", now=gate.now())
        token = make_link(session, account, by="root1", now=gate.now())
    use_link(gate, token, PASSWORD)
    entered = log_in(gate, Attempt("fatou", PASSWORD))
    with gate.register.write() as session:
        fatou = find_account(session, "fatou")
        change_role(session, fatou, NewAccount("fatou", "analyst"), by="root1", now=gate.now())
        close_account(session, fatou, by="root1", now=gate.now())
    with gate.register.read() as session:
        acts = [(e.by, e.act) for e in reversed(audit(session))]
        text = "\n".join(f"{e.by} {e.act} {e.subject}" for e in session.scalars(select(AuditEntry)))
    assert acts[2:] == [
        ("root1", "account-added"),
        ("root1", "link-made"),
        ("fatou", "password-set"),
        ("fatou", "link-used"),
        ("fatou", "log-in"),
        ("root1", "rights-changed"),
        ("root1", "account-closed"),
    ]
    for secret in (token, PASSWORD, entered.token, entered.device):
        assert secret not in text


def test_a_long_subject_is_cut_not_refused(gate) -> None:
    note_reads(gate, "n" * 500, "report", ["x" * 5000])
    with gate.register.read() as session:
        (entry,) = audit(session)
    assert (len(entry.by), len(entry.subject)) == (64, 200)
