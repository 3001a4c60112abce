"""``python -m rag``, or ``isnad``: the command line read, one command run, errors turned into messages and exit codes.

0 done; 1 done with failures listed, or not possible now; 2 wrong use. A new command is a
:class:`~rag.commands.command.Command` in ``COMMANDS``.
"""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Sequence

from rag import __version__
from rag.commands import access_commands, backup_commands, operator_commands, question_commands
from rag.commands.addresses import require_addresses
from rag.commands.calibrate_command import CALIBRATE
from rag.commands.command import Command, Run
from rag.commands.console import as_called, open_console, show_error
from rag.commands.evaluate_command import EVALUATE
from rag.commands.feedback_command import FEEDBACK
from rag.commands.index_command import INDEX
from rag.commands.mcp_command import MCP
from rag.commands.models_command import MODELS
from rag.errors import (
    CorpusError,
    EvaluationError,
    FaultError,
    IsnadError,
    NotFoundError,
    QuestionError,
    SettingsError,
    StorageError,
)

COMMANDS = (
    INDEX,
    *question_commands.COMMANDS,
    *operator_commands.COMMANDS,
    EVALUATE,
    CALIBRATE,
    FEEDBACK,
    *backup_commands.COMMANDS,
    *access_commands.COMMANDS,
    MCP,
    MODELS,
)
WRONG_USE = (QuestionError, SettingsError, CorpusError, EvaluationError, NotFoundError)
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_DESCRIPTION = """\
Answers questions over a folder of articles, across languages, and traces every sentence to an exact quote. Works
offline, without a key or a model server."""
_FIRST_STEPS = """\
first steps:
  python -m rag index corpus                  read the articles
  python -m rag ask "Which countries ...?"    ask them
  python -m rag serve                         the same in the browser
  python -m rag doctor                        when something does not work

exit codes: 0 done, 1 failed or done with failures listed, 2 wrong use.
Settings come from the environment and from .env; `python -m rag doctor --settings` lists them."""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; ``args.command`` is the Command chosen."""
    parser = argparse.ArgumentParser(
        prog=as_called("python -m rag"),
        description=_DESCRIPTION,
        epilog=as_called(_FIRST_STEPS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"isnad {__version__}")
    chosen = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        _add(chosen, command)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (default: the process's) and return the exit code."""
    args = build_parser().parse_args(argv)
    run = Run(args, open_console(sys.stdout), open_console(sys.stderr))
    try:
        require_addresses()
        code: int = args.command.run(run)
        run.out.file.flush()
        return code
    except IsnadError as error:
        show_error(run.err, error)
        return 2 if isinstance(error, WRONG_USE) else 1
    except KeyboardInterrupt:
        run.err.print("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has seen enough. What is still buffered must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        show_error(run.err, StorageError.of(error))
        return 1
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        show_error(run.err, FaultError.of(error))
        return 1


def _add(chosen: argparse._SubParsersAction[argparse.ArgumentParser], command: Command) -> None:
    parser = chosen.add_parser(
        command.name,
        help=command.summary,
        description=f"{command.summary[0].upper()}{command.summary[1:]}.",
        epilog="examples:\n" + textwrap.indent(textwrap.dedent(as_called(command.examples)).strip(), "  "),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    parser.set_defaults(command=command)


if __name__ == "__main__":
    sys.exit(main())
