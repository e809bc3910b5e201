// The suite's agents in LisPy.
import type { AgentName } from './agents.ts';

export const LISPY: { readonly [name in AgentName]: string } = {
  echo: `(def AGENT {:name "echo" :description "Gives back what it gets"})
(defn run [context value] value)
`,
  add: `(def AGENT {:name "add" :parameters {:type "object" :properties {:a {:type "number"} :b {:type "number"}} :required ["a" "b"] :additionalProperties false} :returns {:type "number"}})
(defn run [context a b] (+ a b))
`,
  fail: `(def AGENT {:name "fail"})
(defn run [context] (throw "broken on purpose"))
`,
  remember: `(def AGENT {:name "remember"})
(defn run [context key value] (memory-set key value) nil)
`,
  recall: `(def AGENT {:name "recall"})
(defn run [context key] (memory-get key))
`,
  count: `(def AGENT {:name "count"})
(defn run [context] (let [n (+ 1 (or (memory-get "n") 0))] (memory-set "n" n) n))
`,
  whoami: `(def AGENT {:name "whoami"})
(defn run [context] {:user (get context :user-guid) :pack (get context :pack-guid) :agent (get context :agent)})
`,
  say: `(def AGENT {:name "say"})
(defn run [context] (println "printed") (log "info" "logged" {:n 1}) (progress 0.5 "half") "said")
`,
  lie: `(def AGENT {:name "lie" :returns {:type "number"}})
(defn run [context] "no number")
`,
  spin: `(def AGENT {:name "spin"})
(defn run [context] (loop [] (recur)))
`,
  swell: `(def AGENT {:name "swell"})
(defn run [context] (loop [kept []] (recur (conj kept (range 100000)))))
`,
  flood: `(def AGENT {:name "flood"})
(defn run [context bytes] (loop [s "x"] (if (< (count s) bytes) (recur (str s s)) (subs s 0 bytes))))
`,
  reach: `(def AGENT {:name "reach"})
(defn run [context] [])
`,
  relay: `(def AGENT {:name "relay"})
(defn run [context value] {:echoed (call "echo" {:value value})})
`,
};
