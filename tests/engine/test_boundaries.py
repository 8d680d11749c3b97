"""Who may import whom, checked at run time; the static half is in the import contracts."""

import json
import subprocess
import sys
from pathlib import Path

import syncscope_engine

ENGINE = Path(syncscope_engine.__file__).parent


def modules_after(statements: str) -> set[str]:
    code = f"import json, sys\n{statements}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_engine_needs_no_terminal() -> None:
    names = [
        ".".join(path.relative_to(ENGINE.parent).with_suffix("").parts)
        for path in ENGINE.rglob("*.py")
        if "probe" not in path.parts
    ]
    loaded = modules_after("\n".join(f"import {name.removesuffix('.__init__')}" for name in names))
    assert "syncscope_engine.session" in loaded
    foreign = {name for name in loaded if name.split(".")[0] in ("textual", "rich", "syncscope", "aiohttp")}
    assert not foreign


def test_the_observer_never_imports_the_probe() -> None:
    loaded = modules_after("import syncscope_engine.session, syncscope_engine.headless")
    assert not {name for name in loaded if name.startswith("syncscope_engine.probe")}


def test_the_program_finds_what_it_would_find_without_us(tmp_path: Path) -> None:
    program = tmp_path / "looks.py"
    program.write_text(
        "import importlib.util, sys\n"
        "print([n for n in sys.modules if n.startswith('syncscope')])\n"
        "print(sys.path, importlib.util.find_spec('recorder'))\n"
        "print(__name__, __file__, sys.argv, sys.orig_argv)\n"
    )
    boot = ENGINE / "probe" / "boot.py"
    bare, probed = (
        subprocess.run(
            [sys.executable, *probe, str(program), "a"], capture_output=True, text=True, check=True
        ).stdout
        for probe in ((), (str(boot), "--session", str(tmp_path), "--opts", "{}", "--"))
    )
    assert probed == bare
    assert probed.startswith("[]\n")
