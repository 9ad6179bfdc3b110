// How often the fault of KB 813531 would reset, by a model: what "heavy load" means.
#pragma once

namespace loadgen {

/// The share of attempts that are reset, in an open loop whose arrivals are random (Poisson) and whose
/// backlog is never full.
///
/// A server keeps `outstanding` AcceptEx calls pending. A client is silent from its connect until its request
/// comes; `silent_clients` are so at a time, on average: arrivals per second times that delay (Little's law).
/// Up to `outstanding` of them each sit on an AcceptEx that lives. Those above wait in the backlog, and each
/// request that is answered gives the next of them the AcceptEx of a thread that is about to exit. So the
/// number of silent clients goes up at the rate of arrivals and, where n are silent, down by one at the rate
/// n up to `outstanding`, and by two above: one is answered, one is reset. The model takes delays as
/// exponential; what was measured is up to 0.05 above or below it (repro-extension/README.md).
double predicted_reset_rate(double silent_clients, unsigned outstanding);

} // namespace loadgen
