/** Finds the islands of a page and loads the code of each when it is there to be seen. */

type Mount = (element: HTMLElement) => void | Promise<void>;

interface Island {
  load: () => Promise<{ mount: Mount }>;
  /** Is its code heavy, and to be fetched only when the reader comes near it? */
  whenSeen?: true;
}

const ISLANDS: Readonly<Record<string, Island>> = {
  complete: { load: () => import("./islands/complete") },
  letter: { load: () => import("./islands/letter") },
  chart: { load: () => import("./islands/chart"), whenSeen: true },
  graph: { load: () => import("./islands/graph"), whenSeen: true },
  sparql: { load: () => import("./islands/sparql") },
};

async function start(element: HTMLElement, island: Island): Promise<void> {
  try {
    await (await island.load()).mount(element);
    element.dataset["islandReady"] = "true";
  } catch (error) {
    // The page below the island is whole without it.
    element.dataset["islandReady"] = "false";
    console.error(`island ${element.dataset["island"]}:`, error);
  }
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      const element = entry.target as HTMLElement;
      const island = ISLANDS[element.dataset["island"] ?? ""];
      if (island) void start(element, island);
    }
  },
  { rootMargin: "120px" },
);

for (const element of document.querySelectorAll<HTMLElement>("[data-island]")) {
  const island = ISLANDS[element.dataset["island"] ?? ""];
  if (!island) continue;
  if (island.whenSeen) {
    // The style sheet hides what is empty, and what is hidden is never seen.
    if (!element.hasChildNodes()) element.append(" ");
    seen.observe(element);
  }
  else void start(element, island);
}
