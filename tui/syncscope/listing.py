"""`syncscope list`: the scenarios, as a table or as JSON."""

import json
import sys

from .catalogue import Catalogue, load_catalogue
from .closed_pipe import write_line
from .i18n import t


def list_scenarios(language: str, as_json: bool) -> None:
    catalogue = load_catalogue()
    for problem in catalogue.problems:
        write_line(f"syncscope: {problem}", sys.stderr)
    if as_json:
        write_line(json.dumps(_tree(catalogue), ensure_ascii=False), sys.stdout)
        return
    from rich.table import Table

    from .report_console import ReportConsole

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(t("listing.target"), style="bold", no_wrap=True)
    table.add_column(t("listing.kind"), no_wrap=True)
    # "fold": Chinese has no spaces to break at
    table.add_column(t("listing.shows"), overflow="fold")
    for scenario in catalogue.scenarios:
        table.add_row(scenario.id, t(f"catalogue.kind.{scenario.kind}"), scenario.summary[language])
        for program in scenario.programs:
            role = t(f"catalogue.role.{program.role}")
            table.add_row(f"  :{program.id}", role, program.title[language], style="dim")
    ReportConsole(highlight=False).print(table)


def _tree(catalogue: Catalogue) -> dict[str, object]:
    return {
        "schema": 1,
        "scenarios": [
            {
                "id": scenario.id,
                "group": scenario.group,
                "kind": scenario.kind,
                "title": scenario.title,
                "summary": scenario.summary,
                "programs": [
                    {
                        "id": program.id,
                        "role": program.role,
                        "title": program.title,
                        "file": str(program.path),
                        "expects": list(program.expects),
                    }
                    for program in scenario.programs
                ],
                "parameters": [
                    {
                        "name": each.name,
                        "type": each.type,
                        "default": each.default,
                        "minimum": each.minimum,
                        "maximum": each.maximum,
                        "choices": list(each.choices),
                        "help": each.help,
                    }
                    for each in scenario.parameters
                ],
            }
            for scenario in catalogue.scenarios
        ],
        "problems": list(catalogue.problems),
    }
