"""Posters over the real binary, on a disk and on a real S3 server."""

import contextlib
import io
import json
import subprocess
import time
import urllib.parse

import pytest
import requests

from tests.e2e.conftest import BINARY
from tests.harness import Platform
from tests.pictures import png, sample_png
from tests.stack.s3 import SeaweedFS, VersityGateway

# The steps of an upload and of the removal of what it replaced at which test_crash.py ends the process.
POSTERS = ["catalog.poster_kept", "catalog.poster_changed", "catalog.poster_doomed", "catalog.poster_removed"]

MOST_BYTES = 5 * 1024 * 1024


def post(client, show_id, content, name="poster.png", kind="image/png", field="poster"):
    return client.raw("POST", f"/shows/{show_id}/poster", files={field: (name, io.BytesIO(content), kind)})


def upload(client, show_id, content, **more):
    answer = post(client, show_id, content, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(client, show_id, content, **more):
    """Status and code of the problem."""
    answer = post(client, show_id, content, **more)
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def wait_until_gone(platform, address, timeout=30):
    give_up = time.monotonic() + timeout
    while requests.get(urllib.parse.urljoin(platform.url, address), timeout=10).status_code not in (403, 404):
        assert time.monotonic() < give_up, f"{address} is still there"
        time.sleep(0.1)


@contextlib.contextmanager
def where_posters_are(store, directory):
    """The settings of a disk, or of a bucket on a real server that is there meanwhile."""
    if store is None:
        yield {"BLOB_ADAPTER": "disk"}
        return
    server = store(directory)
    server.start()
    try:
        access, secret = server.keys()
        yield {"BLOB_ADAPTER": "s3", "S3_URL": server.endpoint(), "S3_ACCESS_KEY": access, "S3_SECRET_KEY": secret}
    finally:
        server.stop()


@pytest.fixture(scope="module", params=[None, VersityGateway, SeaweedFS], ids=["disk", "versitygw", "seaweedfs"])
def platform(request, tmp_path_factory):
    web = tmp_path_factory.mktemp("web")
    (web / "index.html").write_text("<!doctype html><title>app</title>", encoding="utf-8")
    with where_posters_are(request.param, tmp_path_factory.mktemp("store")) as settings:
        # Unused ones go soon, yet stay longer than a request may take.
        settings |= {"HTTP_REQUEST_TIMEOUT_S": "5", "POSTERS_KEEP_UNUSED_S": "6", "WEB_ROOT": str(web)}
        with Platform(BINARY, tmp_path_factory.mktemp("posters"), settings=settings, posters=True) as started:
            yield started


@pytest.fixture
def show(platform):
    return platform.admin().post("/shows", expect=201, title="With a poster", duration_minutes=90, price=100, description="x")


def get(platform, address, **more):
    return requests.get(urllib.parse.urljoin(platform.url, address), timeout=10, **more)


def test_every_sample_show_has_a_poster_of_its_own(platform):
    shows = [show for show in platform.client().get("/shows", limit=100) if show["poster"]]
    assert len({show["poster_url"] for show in shows}) >= 14
    assert all(show["poster"]["width"] == 640 and show["poster"]["height"] == 960 for show in shows
               if show["title"] == "Monsoon Express")


def test_an_upload_is_shown_in_sizes_straight_from_the_store(platform, show):
    shown = upload(platform.admin(), show["id"], sample_png(1000, 1500, seed=1))
    assert shown == platform.client().get(f"/shows/{show['id']}") | {"price": shown["price"]}
    assert [file["width"] for file in shown["poster"]["webp"]] == [320, 640, 1000]
    assert shown["poster"]["height"] == 1500
    for kind, files in (("image/webp", shown["poster"]["webp"]), ("image/jpeg", shown["poster"]["jpeg"])):
        for file in files:
            answer = get(platform, file["url"])
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == kind
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert get(platform, shown["poster_url"]).headers["Content-Type"] == "image/jpeg"


def test_the_web_app_may_show_them_from_there_and_from_nowhere_else(platform, show):
    shown = upload(platform.admin(), show["id"], sample_png(60, seed=12))
    origin = "/".join(shown["poster_url"].split("/")[:3]) if shown["poster_url"].startswith("http") else ""
    policy = get(platform, "/").headers["Content-Security-Policy"]
    [pictures] = [part.split() for part in policy.split(";") if part.strip().startswith("img-src")]
    assert pictures == ["img-src", "'self'", "data:", "blob:", *([origin] if origin else [])]


def test_check_looks_for_every_poster_in_the_store(platform):
    [found] = [each for each in json.loads(platform.command("check", "--json"))["invariants"] if each["invariant"] == "I11"]
    assert found["kept"] and found["looked_at"] >= 14, found


def test_search_finds_the_show_with_its_poster(platform, show):
    admin = platform.admin()
    title = f"Zyxwvut{show['id']}"
    admin.patch(f"/shows/{show['id']}", title=title)
    shown = upload(admin, show["id"], sample_png(100, seed=2))
    found = admin.wait_for(f"/search?q={title}", lambda seen: seen["shows"] and seen["shows"][0]["poster_url"])
    assert found["shows"][0]["poster_url"] == shown["poster_url"]


def test_the_replaced_poster_goes_unless_another_show_has_it(platform, show):
    admin = platform.admin()
    other = admin.post("/shows", expect=201, title="The same poster", duration_minutes=90, price=100, description="x")
    shared = upload(admin, show["id"], sample_png(50, seed=3))
    assert upload(admin, other["id"], sample_png(50, seed=3))["poster"] == shared["poster"]
    own = upload(admin, show["id"], sample_png(50, seed=4))
    upload(admin, show["id"], sample_png(50, seed=5))
    wait_until_gone(platform, own["poster_url"])
    assert get(platform, shared["poster_url"]).status_code == 200, "the other show has it"
    upload(admin, other["id"], sample_png(50, seed=6))
    wait_until_gone(platform, shared["poster_url"])


def test_only_administrators_upload(platform, show):
    picture = sample_png(50, seed=7)
    large = picture + bytes(200_000)
    for content in (picture, large):
        assert refused(platform.client(), show["id"], content) == (401, "NOT_AUTHENTICATED")
        assert refused(platform.user(), show["id"], content) == (403, "NOT_ALLOWED")
    assert platform.client().get(f"/shows/{show['id']}")["poster"] is None
    assert refused(platform.admin(), 999_999, picture) == (404, "SHOW_NOT_FOUND")


def test_five_megabytes_are_taken_and_one_byte_more_is_not(platform, show):
    admin = platform.admin()
    picture = sample_png(50, seed=8)
    upload(admin, show["id"], picture + bytes(MOST_BYTES - len(picture)))
    assert refused(admin, show["id"], picture + bytes(MOST_BYTES + 1 - len(picture))) == (413, "POSTER_TOO_LARGE")
    assert refused(admin, show["id"], bytes(20_000_000)) == (413, "REQUEST_TOO_LARGE")
    assert admin.raw("POST", "/shows", data=bytes(200_000)).status_code == 413, "other requests keep their limit"


def test_what_is_no_picture_is_refused_whatever_it_calls_itself(platform, show):
    admin = platform.admin()
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>"
    for content in (svg, b"<?xml version='1.0'?>" + svg, b"GIF89a\x01\0\x01\0", b"%PDF-1.7", b"<html>", b"MZ", b"\0" * 1000):
        assert refused(admin, show["id"], content) == (415, "POSTER_UNSUPPORTED")
    whole = sample_png(100, seed=9)
    for content in (whole[:40], whole[:-30], whole[:8] + svg, b"\xff\xd8\xff" + svg):
        assert refused(admin, show["id"], content) == (422, "POSTER_BROKEN")
    bomb = png(50_000, 50_000, b"\0" * 100)
    assert len(bomb) < 1024 and refused(admin, show["id"], bomb) == (422, "POSTER_TOO_MANY_PIXELS")
    assert upload(admin, show["id"], whole, name="../../etc/passwd", kind="text/html")["poster"]["width"] == 100


def test_what_hangs_on_behind_a_picture_is_not_kept(platform, show):
    shown = upload(platform.admin(), show["id"], sample_png(100, seed=10) + b"<script>alert(1)</script>PK\x03\x04")
    for file in shown["poster"]["webp"] + shown["poster"]["jpeg"]:
        assert b"script" not in get(platform, file["url"]).content


def test_a_form_must_be_one(platform, show):
    admin = platform.admin()
    path = f"/shows/{show['id']}/poster"
    assert refused(admin, show["id"], sample_png(9), field="picture") == (422, "POSTER_MISSING")
    assert refused(admin, show["id"], b"") == (422, "POSTER_MISSING")
    assert admin.raw("POST", path, data=sample_png(9), headers={"Content-Type": "image/png"}).status_code == 400
    assert admin.raw("POST", path, data=b"--X\r\n", headers={"Content-Type": "multipart/form-data; boundary=X"}).status_code == 400


def test_no_path_leads_out_of_the_store(platform, show):
    shown = upload(platform.admin(), show["id"], sample_png(60, seed=11))
    address = shown["poster_url"]
    if platform.settings["BLOB_ADAPTER"] == "s3":
        assert get(platform, f"/media/{address.partition('/ticketshow/')[2]}").status_code == 404, "the gateway gives no files"
        return
    for path in ("/media/", "/media/posters/", "/media/posters/../../internal.key", "/media/../internal.key",
                 "/media/posters/%2e%2e/%2e%2e/internal.key", "/media/internal.key", "/media/posters/" + "a" * 32 + "/60.jpg",
                 address.replace("/media/", "/media//"), address + "/", address.upper()):
        done = subprocess.run(["curl", "-s", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", platform.url + path],
                              capture_output=True, text=True, check=True)
        assert done.stdout == "404", path
    answer = get(platform, address)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert get(platform, address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert requests.post(platform.url + address, timeout=10).status_code == 405


def test_a_disk_that_the_gateway_does_not_see_is_refused_at_start(platform):
    done = platform.command("--target", "gateway", "--auth.url", "http://127.0.0.1:1", "--catalog.url", "http://127.0.0.1:1",
                            "--booking.url", "http://127.0.0.1:1", "--payment.url", "http://127.0.0.1:1",
                            "--search.url", "http://127.0.0.1:1", "--notification.url", "http://127.0.0.1:1",
                            "--blob.adapter", "disk", "serve", check=False)
    assert done.returncode != 0 and "blob.dir" in done.stderr
