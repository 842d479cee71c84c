/** How the kinds of things look and what they are called, in every island alike. */

import { language } from "./words";

export interface Kind {
  nl: string;
  en: string;
  /** Shape in the network, so that colour is never the only sign. */
  shape: "ellipse" | "round-rectangle" | "diamond" | "hexagon" | "triangle" | "round-tag" | "octagon" | "pentagon" | "rectangle" | "vee";
}

export const KINDS: Readonly<Record<string, Kind>> = {
  country: { nl: "land", en: "country", shape: "ellipse" },
  organisation: { nl: "organisatie", en: "organisation", shape: "round-rectangle" },
  person: { nl: "persoon", en: "person", shape: "triangle" },
  resolution: { nl: "resolutie", en: "resolution", shape: "diamond" },
  event: { nl: "bijeenkomst", en: "event", shape: "hexagon" },
  amount: { nl: "bedrag", en: "amount", shape: "octagon" },
  mission: { nl: "vredesmissie", en: "peace mission", shape: "pentagon" },
  treaty: { nl: "verdrag", en: "treaty", shape: "round-tag" },
  dossier: { nl: "Kamerstuk", en: "parliamentary paper", shape: "rectangle" },
  document: { nl: "brief", en: "letter", shape: "rectangle" },
  post: { nl: "ambt", en: "office", shape: "vee" },
  group: { nl: "fractie", en: "party group", shape: "round-rectangle" },
  thing: { nl: "iets met een naam", en: "something named", shape: "ellipse" },
};

/** A kind's name in the language of the page; the kind itself when it is none of ours. */
export function kindName(kind: string): string {
  return KINDS[kind]?.[language] ?? kind;
}
