"""Cedar says who may do what in the console, and nothing else does."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib import admin, auth
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.console.backend import PolicyBackend
from apps.console.models import Account
from apps.console.permissions import ACTIONS
from apps.content.files import ContentFiles
from apps.policy.actions import BY_NAME
from tests.console.stage import EVERYBODY, NOBODY, PASSWORD, Stage, account, browser, logged_in, may

PEOPLE = "console.view_account"
BOB = 'principal == Person::"bob"'
OF_DJANGO = ("add", "change", "delete", "view")


def allowed(user: Account) -> set[str]:
    return {name for name in ACTIONS if user.has_perm(name)}


class TestSuperuser:
    def test_the_flag_opens_nothing(self, stage: Stage) -> None:
        stage.govern(NOBODY)
        root = account("root", is_superuser=True)
        assert not allowed(root)
        assert not any(root.has_module_perms(app) for app in ("console", "content", "policy"))

    def test_no_page_but_the_front_opens_to_it(self, stage: Stage) -> None:
        stage.govern(NOBODY)
        account("root", is_superuser=True)
        client = logged_in("root")
        front = client.get("/admin/")
        assert front.status_code == 200
        for model in admin.site._registry:
            url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            assert url not in front.content.decode()
            assert client.get(url).status_code == 403, url
            assert client.get(f"{url}add/").status_code == 403, url

    def test_it_is_nobody_to_policy_either(self, stage: Stage) -> None:
        stage.govern(may(BOB, "manage-people"))
        assert not account("ada", is_superuser=True).has_perm(PEOPLE)
        assert account("bob").has_perm(PEOPLE)

    def test_permissions_in_djangos_tables_open_nothing(self, stage: Stage) -> None:
        stage.govern(NOBODY)
        ada = account()
        ada.user_permissions.set(Permission.objects.all())
        assert not allowed(Account.objects.get(pk=ada.pk))
        assert not ada.get_all_permissions()

    def test_who_asks_is_never_djangos_own_user(self, stage: Stage) -> None:
        """Whose has_perm would look at the flag first."""
        account()
        user = logged_in().get("/admin/").wsgi_request.user
        assert user.__class__ is Account
        assert User.has_perm is not Account.has_perm


class TestPermissions:
    def test_a_role_of_the_site_opens_what_its_policy_says(self, stage: Stage) -> None:
        editors = may('principal in Role::"editors"', "preview")
        stage.govern(editors, roles={"editors": ["ada"]})
        assert allowed(account()) == {n for n, action in ACTIONS.items() if action == "preview"}
        assert not allowed(account("bob"))

    def test_a_new_commit_counts_at_once(self, stage: Stage) -> None:
        ada = account()
        assert ada.has_perm(PEOPLE)
        stage.govern(NOBODY)
        assert not ada.has_perm(PEOPLE)
        stage.govern(EVERYBODY)
        assert ada.has_perm(PEOPLE)

    def test_one_account_can_be_kept_from_managing_another(self, stage: Stage) -> None:
        forbid = '@id("not-bob") forbid (principal, action, resource == Person::"bob");'
        stage.govern(EVERYBODY, forbid)
        ada, bob = account(), account("bob")
        assert ada.has_perm("console.change_account", ada)
        assert not ada.has_perm("console.change_account", bob)

    @pytest.mark.parametrize("flag", ["is_active", "is_staff"])
    def test_who_may_not_log_in_may_do_nothing(self, stage: Stage, flag: str) -> None:
        assert not allowed(account(**{flag: False}))

    def test_a_site_that_is_not_indexed_opens_nothing(self, stage: Stage) -> None:
        ada = account()
        with override_settings(SITE_FILES=_with(stage, "none.sqlite3")):
            assert not allowed(ada)

    def test_an_index_that_cannot_be_read_opens_nothing(self, stage: Stage) -> None:
        ada = account()
        broken = _with(stage, "broken.sqlite3")
        broken.index.write_bytes(b"no database" * 1000)
        with override_settings(SITE_FILES=broken):
            assert not allowed(ada)

    def test_policies_that_cannot_be_used_open_nothing(self, stage: Stage) -> None:
        ada = account()
        stage.govern("permit (")
        assert not allowed(ada)

    @given(st.text())
    def test_a_permission_that_nobody_knows_is_denied(self, name: str) -> None:
        user = Account(username="ada", is_staff=True, is_superuser=True)
        assert name in ACTIONS or not PolicyBackend().has_perm(user, name)

    def test_every_page_has_an_action_of_policy_and_nothing_can_be_deleted(self) -> None:
        admin.autodiscover()
        models = {model._meta.label_lower: model for model in admin.site._registry}
        views = {name for name in ACTIONS if ".view_" in name}
        assert {f"{m._meta.app_label}.view_{m._meta.model_name}" for m in models.values()} == views
        assert set(ACTIONS.values()) <= BY_NAME.keys()
        assert not [name for name in ACTIONS if ".delete_" in name]

    def test_what_runs_anything_or_says_what_is_not_so_has_no_page(self) -> None:
        admin.autodiscover()
        labels = {model._meta.label for model in admin.site._registry}
        assert not {label for label in labels if label.startswith(("django_q.", "auth."))}


class TestAuthentication:
    def test_active_staff_with_the_password_gets_in(self, stage: Stage) -> None:
        ada = account()
        assert auth.authenticate(username="ada", password=PASSWORD) == ada
        assert PolicyBackend().get_user(ada.pk) == ada

    @pytest.mark.parametrize("flag", ["is_active", "is_staff"])
    def test_others_do_not(self, stage: Stage, flag: str) -> None:
        ada = account(is_superuser=True, **{flag: False})
        assert auth.authenticate(username="ada", password=PASSWORD) is None
        assert PolicyBackend().get_user(ada.pk) is None

    @pytest.mark.parametrize(
        ("name", "password"),
        [("ada", ""), ("ada", PASSWORD.upper()), ("Ada", PASSWORD), ("", PASSWORD), ("bob", "x")],
    )
    def test_a_wrong_name_or_password_is_nobody(
        self, stage: Stage, name: str, password: str
    ) -> None:
        account()
        assert auth.authenticate(username=name, password=password) is None

    def test_an_account_without_a_password_cannot_be_logged_in_to(self, stage: Stage) -> None:
        ada = account()
        ada.set_unusable_password()
        ada.save()
        assert auth.authenticate(username="ada", password=PASSWORD) is None

    def test_every_name_costs_one_hash_and_the_same_questions(self, stage: Stage) -> None:
        account(), account("off", is_active=False)
        asked = []
        for name in ("ada", "off", "nobody"):
            with CaptureQueriesContext(connection) as seen:
                auth.authenticate(username=name, password="wrong" * 4)
            asked.append(len(seen))
        assert len(set(asked)) == 1

    def test_a_hash_that_is_too_cheap_is_made_anew_at_a_login(self, stage: Stage) -> None:
        account()
        with override_settings(PASSWORD_HASHERS=_own_hashers()):
            browser().post(stage.door, {"username": "ada", "password": PASSWORD})
        encoded = Account.objects.get(username="ada").password
        assert encoded.startswith("argon2$argon2id$") and "m=102400,t=2,p=8" in encoded


def _own_hashers() -> list[str]:
    from whispercms import settings as own

    assert own.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    return own.PASSWORD_HASHERS


def _with(stage: Stage, index: str) -> ContentFiles:
    return replace(stage.files, index=stage.files.index.with_name(index))


def test_the_backend_is_the_only_one() -> None:
    assert settings.AUTHENTICATION_BACKENDS == ["apps.console.backend.PolicyBackend"]
