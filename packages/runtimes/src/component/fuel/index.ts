// Fuel for WebAssembly where neither a thread nor a clock can end it.
export { FUEL_EXPORT, INITIAL_FUEL, meterModule, meterModules } from './meter.ts';
