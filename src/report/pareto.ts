/** Something that costs and reaches a score. */
export interface Offer {
  readonly cost: number;
  readonly score: number;
}

/**
 * The offers that no other one beats: none costs as little and scores as much, and one of both better (V. Pareto's front). By cost,
 * the cheapest first; of equal ones all.
 */
export function paretoFront<One extends Offer>(offers: readonly One[]): One[] {
  const beats = (one: Offer, other: Offer): boolean =>
    one.cost <= other.cost && one.score >= other.score && (one.cost < other.cost || one.score > other.score);
  return offers
    .filter((offer) => !offers.some((other) => beats(other, offer)))
    .toSorted((one, other) => one.cost - other.cost || other.score - one.score);
}
