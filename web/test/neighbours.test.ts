import { describe, expect, it } from "vitest";
import { neighbourhood, pathOf } from "../src/lib/neighbours";

const ID = "https://w3id.org/avvn/id/";

describe("a neighbourhood", () => {
  it("keeps each edge once and only between nodes that are there", () => {
    const found = neighbourhood({
      nodes: [{ id: `${ID}country/NL`, label: "Nederland", kind: "country" }, { id: `${ID}resolution/a` }],
      edges: [
        { source: `${ID}resolution/a`, target: `${ID}country/NL`, predicate: "initiatedBy", label: "Op initiatief van", modality: "planned" },
        { source: `${ID}resolution/a`, target: `${ID}country/NL`, predicate: "initiatedBy", label: "Op initiatief van", modality: "planned" },
        { source: `${ID}resolution/a`, target: `${ID}country/XX`, predicate: "p" },
      ],
      left: 4,
    });
    expect(found.left).toBe(4);
    expect(found.nodes[1]).toEqual({ iri: `${ID}resolution/a`, label: "a", kind: "resolution" });
    expect(found.edges).toHaveLength(1);
    expect(found.edges[0]).toMatchObject({ label: "op initiatief van", modality: "planned" });
  });
  it("refuses what is none", () => expect(() => neighbourhood({ items: [] })).toThrow());
  it("knows the path of an entity", () => {
    expect(pathOf(`${ID}dossier/34775-V-20`)).toBe("dossier/34775-V-20");
    expect(pathOf("http://www.wikidata.org/entity/Q55")).toBeNull();
  });
});
