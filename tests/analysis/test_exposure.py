"""Who gets to see a place, as far as its path tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakscan.analysis.exposure.judging import Exposures, Site
from leakscan.model import Exposure, Place


def exposure(paths: tuple[str, ...]) -> Exposure:
    """What the paths alone tell."""
    return Exposures().widest(Site(path, "", "value", Place(1, 1, 1, 6)) for path in paths)


AUDIENCES = {
    "public/app.js": "client",
    "web/static/js/sms.js": "client",
    "index.html": "client",
    "src/App.tsx": "client",
    "src/App.vue": "client",
    "dist/main.js": "client",
    "app.min.js": "client",
    "main.js.map": "client",
    "ios/App/Sms.swift": "client",
    "lib/main.dart": "client",
    "app/src/main/res/values/strings.xml": "client",
    "app/src/main/AndroidManifest.xml": "client",
    "ios/App/Info.plist": "client",
    "app.apk!classes.dex": "client",
    "app.apk!assets.zip!settings.bin": "client",
    "a.zip!public/app.js": "client",
    "a.zip!.env": "config",
    "Sources/Keys.plist!text": "client",
    "manual/mail.pdf!page 1": "docs",
    "release/app.asar": "client",
    "build/web/assets/.env": "client",
    "dist/client/assets/index.js": "client",
    "dist/server/entry.php": "server",
    ".svelte-kit/output/client/chunks/env.3f.js": "client",
    "jenkins/jobs/nightly/config.xml": "ci",
    "jenkins_home/credentials.xml": "ci",
    "a.zip!tests/sms.bin": "test",
    "server/index.js": "server",
    "app.py": "server",
    "cmd/main.go": "server",
    "sms.php": "server",
    "Controller.java": "server",
    ".env": "config",
    ".env.production": "config",
    "prod.env": "config",
    "config/app.yaml": "config",
    "terraform.tfvars": "config",
    "Dockerfile": "config",
    ".github/workflows/test.yml": "ci",
    ".gitlab-ci.yml": "ci",
    "Jenkinsfile": "ci",
    "README.md": "docs",
    "docs/setup.py": "docs",
    "tests/test_sms.py": "test",
    "src/sms.test.js": "test",
    "spec/fixtures/sms.yml": "test",
    "sms_test.go": "test",
    "phpunit.xml": "test",
    "phpunit.xml.dist": "test",
    "app/conftest.py": "test",
    ".env.testing": "test",
    "src/main/resources/application-test.yml": "test",
    "contest.py": "server",
    ".env.latest": "config",
    "secrets/twilio_auth_token.txt": "config",
    "deploy/secrets/twilio_client_secret": "config",
    "secrets/README.md": "docs",
    "docs/secrets/token.txt": "docs",
    "app/secrets/rotate.py": "server",
    "notes.txt": "docs",
    "thesis/chapters/code.tex": "docs",
    "jobs/ivr.nomad": "config",
    "force-app/main/default/customMetadata/Setting.Twilio.md-meta.xml": "config",
    "src/customMetadata/Setting.Twilio.md": "config",
    "addons/sms/data/ir_config_parameter.xml": "config",
    "src/main/resources/applicationContext.xml": "config",
    "app/src/main/res/xml/network_config.xml": "client",
    "addons/sms/data/products.xml": "unknown",
    "manifests/site.pp": "config",
    "data.bin": "unknown",
    "-": "unknown",
}


@pytest.mark.parametrize(("path", "audience"), AUDIENCES.items(), ids=AUDIENCES)
def test_a_path_tells_its_audience(path: str, audience: str) -> None:
    assert exposure((path,)).audience == audience


@pytest.mark.parametrize("path", [path for path, audience in AUDIENCES.items() if audience != "unknown"])
def test_the_reason_names_the_path(path: str) -> None:
    assert path in exposure((path,)).reason


def test_the_widest_of_several_counts() -> None:
    judged = exposure(("tests/test_sms.py", "README.md", "server/sms.py", "public/sms.js", ".env"))
    assert judged.audience == "client"
    assert "public/sms.js" in judged.reason


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "reversed"])
def test_the_order_of_paths_does_not_matter(order: int) -> None:
    assert exposure(("data.bin", "a.py", "tests/b.py")[::order]).audience == "server"


@given(path=st.text(max_size=40))
def test_any_path_has_an_audience(path: str) -> None:
    assert exposure((path,)).audience in {*AUDIENCES.values()}
