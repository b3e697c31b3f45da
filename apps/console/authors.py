"""Who a commit of the console names: the account, and never the user that runs the server."""

import socket
import time

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from apps.gitsync.git.commits import Author
from apps.gitsync.writing.wording import checked_name


def author_of(user: AbstractBaseUser | AnonymousUser) -> Author:
    """Raises GitFault for a name that no commit could hold."""
    login = user.get_username()
    name = getattr(user, "get_full_name", str)() or login
    email = getattr(user, "email", "") or f"{login.replace('@', '.')}@{socket.gethostname()}"
    return Author(checked_name(name), checked_name(email), f"{int(time.time())} +0000")
