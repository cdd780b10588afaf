"""papermill's engine `slanb`: notebooks run on warm kernels, and on plain ones where these cannot be had.

    papermill --engine slanb notebooks/01-set-goals.ipynb out.ipynb -p period 2026-10

A kernel is reached by sockets in a folder of its own rather than by ports, which others could take before it.
"""

import os
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from papermill.engines import NBClientEngine, papermill_engines

from slanb import scratch
from slanb.database import SCRATCH
from slanb.kernels import warm

NAME = "slanb"
LAUNCHER = "ipykernel_launcher"
LONGEST_SOCKET = 90  # bytes of a socket's path; systems allow some more
OFTEN = 0.01  # seconds between two looks whether a kernel listens, or has ended
LOUD_ONLY = "--log-level=50"  # ipykernel tells of unencrypted transport, and of each interrupt


class Kernels:
    """The kernels of one run: all of them end when it does.

    Parameters
    ----------
    environment : variables that each of them has besides.
    """

    def __init__(self, environment: Mapping[str, str] | None = None):
        self.environment = dict(environment or {})
        self._ahead: warm.Source | None = None
        self._lock, self._ended, self._processes = threading.Lock(), False, []

    def open_ahead(self, page: Mapping[str, Any]) -> None:
        """Begin to open the period that they are all about, once for all of them (`slanb.open_ahead`).

        Parameters
        ----------
        page : as they give it to `open_period`.
        """
        if warm.CAN_FORK:
            with suppress(OSError):  # each opens it by itself then
                self._ahead = warm.warm_process().open_ahead(page, env=self._env)

    def open_next(self, page: Mapping[str, Any]) -> None:
        """Begin with the period of the run that comes next in the same environment, for its `open_ahead`."""
        if warm.CAN_FORK:
            with suppress(OSError):
                warm.warm_process().begin_ahead(page, env=self._env)

    @property
    def _env(self) -> dict[str, str]:
        return os.environ | warm.STEADY | self.environment

    def fork(self, argv: Sequence[str], **more: Any) -> warm.Forked:
        """A kernel as `slanb.kernels.warm.Source.fork` gives it."""
        if self._ahead is not None:
            with suppress(OSError):
                return self._ahead.fork(argv, **more)
        return warm.warm_process().fork(argv, **more)

    def add(self, process: Any) -> None:
        """One more; it is ended at once where the run has ended meanwhile."""
        with self._lock:
            self._processes.append(process)
            if self._ended:
                process.kill()

    def end(self) -> None:
        """End those that still run, and those still to come."""
        with self._lock:
            self._ended = True
            for process in self._processes:
                if process.poll() is None:
                    process.kill()
        if self._ahead is not None:
            self._ahead.close()


class WarmProvisioner(LocalProvisioner):
    """Forks the kernel from the warm process, or else starts it as usual; `kind` says which, and why."""

    kind = "warm"

    async def launch_kernel(self, cmd: Sequence[str], **options: Any) -> Any:
        """Launch a kernel with a command."""
        env = options.get("env") or os.environ
        own = {SCRATCH: self.parent.folder}
        options["env"] = dict(env) | warm.STEADY | self.parent.kernels.environment | own
        reason = self._fork(list(cmd), **options)
        if reason:
            self.kind = f"plain: {reason}"
            await super().launch_kernel(list(cmd), **options)
        self.parent.kernels.add(self.process)
        return self.connection_info

    def _fork(self, cmd: list[str], *, env: dict[str, str], cwd: str | None = None, **_: Any) -> str | None:
        """Fork it; returns why not, where that cannot be."""
        if not warm.CAN_FORK:
            return "this system cannot fork a loaded process"
        if LAUNCHER not in cmd:
            return f"{self.kernel_spec.display_name} is not IPython's kernel"
        try:
            argv = cmd[cmd.index(LAUNCHER) + 1 :]
            self.process = self.parent.kernels.fork(argv, env=env, cwd=str(cwd or Path.cwd()))
        except OSError as error:
            return f"no kernel could be forked: {error.strerror or error}"
        self.pid = self.pgid = None  # signals go by way of the warm process, which knows what still runs
        self.cwd = cwd or Path.cwd()
        return None


class WarmClient(AsyncKernelClient):
    """Is ready as soon as the kernel has answered, and its output is heard.

    Any message on iopub says that it is subscribed to, so that nothing of a cell is missed. jupyter_client's
    own client listens on until a fifth of a second is quiet, to get rid of what its question brought about;
    nbclient passes over what belongs to none of its cells.
    """

    def _context_default(self) -> Any:
        context = super()._context_default()
        context.setsockopt(zmq.RECONNECT_IVL, int(1000 * OFTEN))  # it asks before the kernel listens
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel.

        Raises
        ------
        RuntimeError : where it died, or has not answered after so many seconds.
        """
        began = time.monotonic()
        while True:
            self.kernel_info()
            with suppress(Empty):
                answer = await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=0.2)  # older kernels do not greet a subscriber
                self._handle_kernel_info_reply(answer)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if timeout is not None and time.monotonic() - began > timeout:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")


class WarmManager(AsyncKernelManager):
    """A kernel's manager that gets it from a `WarmProvisioner`, and knows soon when it has ended.

    Parameters
    ----------
    kernels : of the run, a class's own.
    """

    kernels: Kernels
    client_factory = WarmClient

    async def _async_pre_start_kernel(self, **options: Any) -> Any:
        self.kernel_id = self.kernel_id or options.get("kernel_id", "kernel")
        if self.provisioner is None:
            self.provisioner = WarmProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
            self._folder = scratch.own("k")  # short, as a socket's path has to be
            self.connection_file = str(Path(self._folder.name) / "kernel.json")  # gone with the folder
            place = str(Path(self._folder.name) / "k")
            if len(place.encode()) < LONGEST_SOCKET:
                self.transport, self.ip = "ipc", place
        return await super()._async_pre_start_kernel(**options)

    pre_start_kernel = _async_pre_start_kernel

    async def _async_wait(self, pollinterval: float = OFTEN) -> None:
        await super()._async_wait(pollinterval=min(pollinterval, OFTEN))

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart=restart)
        if not restart:
            self._folder.cleanup()

    cleanup_resources = _async_cleanup_resources

    @property
    def folder(self) -> str:
        """A folder of the kernel's own, there until it has ended."""
        return self._folder.name


class WarmEngine(NBClientEngine):
    """papermill's own engine, on warm kernels."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        kernels: Kernels | None = None,
        write_once: bool = False,
        **options: Any,
    ) -> Any:
        """Run the notebook's cells, and note on it which kind of kernel ran them.

        Parameters
        ----------
        kernels : to which its kernel is added.
        write_once : where it ends early, rather than before and after each cell; papermill itself writes one
            that ran to its end.
        """
        used: list[WarmManager] = []

        class Manager(WarmManager):
            def __init__(self, *arguments: Any, **more: Any):
                super().__init__(*arguments, **more)
                self.kernels = kernels or Kernels()
                used.append(self)

        quiet = [*options.pop("extra_arguments", ()), LOUD_ONLY]
        save = nb_man.save
        nb_man.save = (lambda **_: None) if write_once else save
        try:
            done = super().execute_managed_notebook(
                nb_man, kernel_name, kernel_manager_class=Manager, extra_arguments=quiet, **options
            )
        except BaseException:
            nb_man.save = save
            raise
        nb_man.nb.metadata.papermill["kernel"] = used[-1].provisioner.kind
        return done


papermill_engines.register(NAME, WarmEngine)
