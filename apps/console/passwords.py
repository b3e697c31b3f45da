"""What a password must be, beside Django's own rules."""

from django.core.exceptions import ValidationError

from apps.console.bounds import PASSWORD_MOST


class MaximumLengthValidator:
    def validate(self, password: str, user: object = None) -> None:
        if len(password) > PASSWORD_MOST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return f"Your password may have {PASSWORD_MOST} characters at most."
