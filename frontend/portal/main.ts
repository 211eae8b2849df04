/** The portal reads without scripts; this brings its style and what makes forms quicker. */
import "./portal.css";
import { startComponents } from "../shared/components";

startComponents(document);
