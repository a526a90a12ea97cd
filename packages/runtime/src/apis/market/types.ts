import {
  ImageName,
  MachineSpec,
  provider,
  RegionName,
  resourceOrder,
  Virtualization,
} from '@hamster/pallets';
import { field, type Infer, option, result, struct, type Type, u128, u32, u64, vec } from '@hamster/scale';

/** What a renter looks for. */
export const OfferFilter = struct('hamster_primitives::OfferFilter', {
  cpu_cores: field(option(u32), 'Cores of the slice; the smallest slice that is rented out where left out.'),
  memory_mib: field(option(u32), 'Memory of the slice, MiB; as above.'),
  disk_gib: field(option(u32), 'Disk of the slice, GiB; as above.'),
  hours: field(option(u32), 'How long the lease is to last; one hour where left out.'),
  max_price_per_hour: field(option(u128), 'Planck for an hour of the slice.'),
  image: field(option(ImageName), 'An image that the machine must offer.'),
  region: field(option(RegionName), 'The region, exactly as the provider wrote it.'),
  virtualization: field(option(Virtualization), 'What keeps the slices apart.'),
});
export type OfferFilter = Infer<typeof OfferFilter>;

/** A machine that would take an order for the slice that the filter names. */
export const Offer = struct('hamster_primitives::Offer', {
  resource: field(u64, 'The id of the machine, for `create_order`.'),
  machine: field(provider.Resource, 'The machine.'),
  free: field(MachineSpec, 'What is left of it.'),
  quote: field(resourceOrder.Quote, 'What the slice costs for the time asked for.'),
});
export type Offer = Infer<typeof Offer>;

export const OfferPage = struct('hamster_primitives::OfferPage', {
  offers: vec(Offer),
  next: field(option(u64), 'The `after` of the next page; none when this is the last one.'),
});

type Refusals = Type<{ readonly type: string }>;

/** Either what it costs, or the error that `create_order` would give. */
export const QuoteResult = result(resourceOrder.Quote, resourceOrder.resourceOrderErrors.type as Refusals);
