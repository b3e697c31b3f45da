"""nginx with one static file, where it is installed: what a site without any program can do."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import servers
from bench.load import HOST
from bench.run import Run
from bench.servers import Server

PATH = "/page.html"
CONFIGURATION = """\
daemon off; master_process off; worker_processes 1; error_log stderr;
pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log off; default_type text/html; charset utf-8;
  sendfile on; tcp_nopush on; open_file_cache max=16;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen {host}:{port} backlog=4096; root {folder}; }}
}}
"""


def program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def serving(run: Run, body: bytes) -> Iterator[Server]:
    """Only where `program` found one."""
    folder, port = run.folder / "nginx", servers.free_port()
    folder.mkdir(exist_ok=True)
    folder.joinpath(PATH.lstrip("/")).write_bytes(body)
    written = _configured(folder, port)
    command = [program() or "", "-p", str(folder), "-c", str(written), "-e", "stderr"]
    environment = run.environment(run.folder, run.site)
    with servers.started(run, command, environment, port, (PATH, True)) as server:
        yield server


def _configured(folder: Path, port: int) -> Path:
    path = folder / "nginx.conf"
    path.write_text(CONFIGURATION.format(folder=folder, host=HOST, port=port))
    return path
