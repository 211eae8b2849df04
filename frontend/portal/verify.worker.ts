/** Entry of the verifier's worker. */
import { serve } from "./draw/worker";

// Chromium below 93 lacks it; the rest of the verifier needs nothing newer.
Object.hasOwn ??= (object: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(object, key);

serve(self as unknown as Parameters<typeof serve>[0]);
