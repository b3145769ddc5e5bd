"""What chaos kills: two private PostgreSQL servers, an endpoint and a sender for each, and a bad line between them."""
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

PG_BIN = "/usr/lib/postgresql/15/bin"


def as_server(*command):
    """A command as the user who may run a server: PostgreSQL refuses root."""
    return (["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []) + list(command)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def children(pid):
    done = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
    return [int(p) for p in done.stdout.split()]


class Cluster:
    """A private PostgreSQL, durable against kill -9 of all its processes; against a power cut too (which nobody plays, but which
    costs time) when it shall be."""

    def __init__(self, name, durable=False):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="guitai-%s-" % name, dir="/var/tmp"))
        if os.getuid() == 0:
            shutil.chown(self.place, "postgres", "postgres")
        self.place.chmod(0o700)  # it trusts whoever reaches its socket
        self.data, self.port = self.place / "data", free_port()
        subprocess.run(as_server(PG_BIN + "/initdb", "-D", str(self.data), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
                                 "--no-sync"), check=True, capture_output=True, cwd="/")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write("listen_addresses = ''\nunix_socket_directories = '%s'\nfsync = %s\nmax_connections = 60\n"
                       "timezone = 'Asia/Shanghai'\nshared_buffers = '256MB'\nmax_wal_size = '4GB'\n" % (self.place, "on" if durable else "off"))
        self.start()

    def environment(self, user="postgres"):
        return {"PGHOST": str(self.place), "PGPORT": str(self.port), "PGUSER": user, "PGPASSFILE": str(self.place / "none"),
                "PGSSLMODE": "disable", "PGCHANNELBINDING": "disable"}

    def start(self):
        subprocess.run(as_server(PG_BIN + "/pg_ctl", "-D", str(self.data), "-l", str(self.place / "log"), "-o", "-p %d" % self.port,
                                 "-w", "-t", "60", "start"), check=True, stdout=subprocess.DEVNULL, cwd="/")

    def kill(self):
        """kill -9 of the postmaster and all that it has started."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        family = [pid] + children(pid)
        for one in family:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                pass
        while any(pathlib.Path("/proc/%d" % one).exists() for one in family):
            time.sleep(0.01)

    def load(self, database):
        """A copy of a database of the server that the environment names, with the roles of it."""
        here = dict(os.environ, **self.environment())
        roles = subprocess.run(["pg_dumpall", "--roles-only", "--no-role-passwords"], capture_output=True, text=True, check=True).stdout
        roles = "\n".join(line for line in roles.splitlines() if not line.startswith(("CREATE ROLE postgres", "ALTER ROLE postgres")))
        subprocess.run(["psql", "-Xq", "-d", "postgres"], input=roles, text=True, check=True, env=here, capture_output=True)
        subprocess.run(["createdb", "-T", "template0", database], check=True, env=here)
        dump = subprocess.Popen(["pg_dump", "--create", "-d", database], stdout=subprocess.PIPE)
        subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", database], stdin=subprocess.Popen(
            ["sed", "-e", "/^CREATE DATABASE/d", "-e", r"/^\\connect/d"], stdin=dump.stdout, stdout=subprocess.PIPE).stdout,
            check=True, env=here, stdout=subprocess.DEVNULL)

    def close(self):
        subprocess.run(as_server(PG_BIN + "/pg_ctl", "-D", str(self.data), "-m", "immediate", "stop"), capture_output=True, cwd="/")
        shutil.rmtree(self.place, ignore_errors=True)


class Program:
    """A process that is started again whenever it was killed."""

    def __init__(self, name, command, environment, log):
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, env=dict(os.environ, **self.environment), stdin=subprocess.DEVNULL,
                                        stdout=open(self.log, "ab"), stderr=subprocess.STDOUT)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def memory(self):
        status = pathlib.Path("/proc/%d/status" % self.process.pid).read_text()
        return int(status.split("VmRSS:")[1].split()[0])


class BadLine(threading.Thread):
    """A TCP relay that lets connections wait and cuts some of them at any byte."""

    def __init__(self, target, seed):
        super().__init__(daemon=True)
        self.target, self.random, self.bad, self.cuts = target, random.Random(seed), True, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            client.close()
            return
        limit = self.random.randrange(500, 200000) if self.bad and self.random.random() < 0.5 else None
        pair = [0]
        for way in ((client, server), (server, client)):
            threading.Thread(target=self.pump, args=(*way, pair, limit), daemon=True).start()

    def pump(self, source, sink, carried, limit):
        try:
            while data := source.recv(16384):
                if self.bad and self.random.random() < 0.05:
                    time.sleep(self.random.random() * 0.3)
                carried[0] += len(data)
                if limit and carried[0] > limit and self.bad:
                    sink.sendall(data[:self.random.randrange(len(data) + 1)])
                    self.cuts += 1
                    break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
