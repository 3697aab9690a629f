"""What docs/operations.md says of keys that somebody else may know."""

import re

from tests.deploy.conftest import ROOT


def test_the_old_signing_keys_can_be_ended_at_once(platform):
    statement = re.search(r"`(UPDATE auth\.signing_key .*?)`", (ROOT / "docs/operations.md").read_text().replace("\n", " ")).group(1)
    user = platform.user()
    platform.command("keys", "rotate")
    user.get("/auth/me")
    platform.database.sql(statement)
    platform.restart()  # the gateway remembers the tokens it has verified
    assert user.raw("GET", "/auth/me").status_code == 401
    again = platform.client().login(user.account["email"], "correct horse")
    again.get("/auth/me")
    assert len(platform.client().get("/auth/jwks.json")["keys"]) == 1
