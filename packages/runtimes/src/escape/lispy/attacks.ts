// LisPy under attack.
import { createLispyRuntime } from '../../lispy/index.ts';
import { createAttacks } from '../attacker.ts';

/** An agent whose run does `body`. */
export const lispy = (body: string): string => `(def AGENT {:name "attack"})\n(defn run [context] ${body})`;

export const lispyAttacks = () =>
  createAttacks(createLispyRuntime, '.lispy', '(def AGENT {:name "bystander"})\n(defn run [context n] n)');
