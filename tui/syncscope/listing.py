"""`syncscope list`: the scenarios, as a table or as JSON."""

import json

import click

from .catalogue import Catalogue, load_catalogue


def list_scenarios(language: str, as_json: bool) -> None:
    catalogue = load_catalogue()
    for problem in catalogue.problems:
        click.echo(f"syncscope: {problem}", err=True)
    if as_json:
        click.echo(json.dumps(_tree(catalogue), ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("target", style="bold", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    table.add_column("what it shows")
    for scenario in catalogue.scenarios:
        table.add_row(scenario.id, scenario.kind, scenario.summary[language])
        for program in scenario.programs:
            table.add_row(f"  :{program.id}", program.role, program.title[language], style="dim")
    Console().print(table)


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
