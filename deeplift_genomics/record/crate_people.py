"""Who made a run, and under which licence, as entities of its crate."""

from __future__ import annotations

from rocrate.model.entity import Entity
from rocrate.model.person import Person
from rocrate.rocrate import ROCrate

from deeplift_genomics.settings.publication_section import Publication


def add_people(crate: ROCrate, publication: Publication) -> list[Entity]:
    """Add the people of the configuration, with their affiliations, as authors of the crate."""
    people = []
    for number, person in enumerate(publication.people, 1):
        orcid = f"https://orcid.org/{person.orcid}" if person.orcid else f"#person/{number}"
        entity = crate.add(Person(crate, orcid, properties={"name": person.name}))
        if person.affiliation:
            entity["affiliation"] = _organisation(crate, person.affiliation)
        people.append(entity)
    if people:
        crate.root_dataset["author"] = people
    return people


def _organisation(crate: ROCrate, name: str) -> Entity:
    """Return an organisation, which several people may share."""
    known = [item for item in crate.get_by_type("Organization") if item["name"] == name]
    if known:
        return known[0]
    number = len(crate.get_by_type("Organization")) + 1
    return crate.add_jsonld(
        {"@id": f"#organisation/{number}", "@type": "Organization", "name": name}
    )


def add_license(crate: ROCrate, publication: Publication) -> None:
    """Add the licence of the configuration; without one, say that none was given."""
    text = publication.license
    if not text:
        entity = {
            "@id": "#no-licence",
            "name": "No licence was given",
            "description": "Ask the authors before you use these results. A licence is named by "
            "the setting publication.license.",
        }
    elif text.startswith("http"):
        entity = {"@id": text, "name": text}
    else:
        entity = {"@id": f"https://spdx.org/licenses/{text}", "name": text}
    crate.license = crate.add_jsonld({"@type": "CreativeWork", **entity})
