import { describe, expect, it } from "vitest";
import { neighbourhood, pathOf } from "../src/lib/neighbours";

const ID = "https://w3id.org/avvn/id/";

describe("a neighbourhood", () => {
  it("keeps each edge once and only between nodes that are there", () => {
    const found = neighbourhood({
      nodes: [{ iri: `${ID}country/NL`, label: "Nederland", kind: "country" }, { iri: `${ID}resolution/a` }],
      edges: [
        { source: `${ID}resolution/a`, target: `${ID}country/NL`, predicate: "https://w3id.org/avvn/ontology#initiatedBy", modality: "planned" },
        { source: `${ID}resolution/a`, target: `${ID}country/NL`, predicate: "https://w3id.org/avvn/ontology#initiatedBy", modality: "planned" },
        { source: `${ID}resolution/a`, target: `${ID}country/XX`, predicate: "p" },
      ],
    });
    expect(found.nodes[1]).toEqual({ iri: `${ID}resolution/a`, label: "a", kind: "resolution" });
    expect(found.edges).toHaveLength(1);
    expect(found.edges[0]).toMatchObject({ label: "initiatedBy", modality: "planned" });
  });
  it("refuses what is none", () => expect(() => neighbourhood({ items: [] })).toThrow());
  it("knows the path of an entity", () => {
    expect(pathOf(`${ID}dossier/34775-V-20`)).toBe("dossier/34775-V-20");
    expect(pathOf("http://www.wikidata.org/entity/Q55")).toBeNull();
  });
});
