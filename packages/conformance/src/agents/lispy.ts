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
(defn run [context]
  (try (list (str "granted network " (fetch "http://127.0.0.1:PORT/"))) (catch e [])))
`,
  relay: `(def AGENT {:name "relay"})
(defn run [context value] {:echoed (call "echo" {:value value})})
`,
  second: `(def AGENT {:name "echo" :description "The second of its name"})
(defn run [context value] {:second value})
`,
  many: `(def AGENT {:name "many"})
(defn run [context n] (map (fn [i] (call "echo" {:value 1})) (range n)))
`,
  forget: `(def AGENT {:name "forget"})
(defn run [context key] (memory-delete key) nil)
`,
  keys: `(def AGENT {:name "keys"})
(defn run [context prefix] (memory-list prefix))
`,
  unjson: `(def AGENT {:name "unjson"})
(defn run [context] (fn [] 1))
`,
  recurse: `(def AGENT {:name "recurse"})
(defn run [context] (call "recurse" {}))
`,
  strict: `(def AGENT {:name "strict" :parameters {:type "object" :properties {:n {:type "integer" :minimum 1} :kind {:enum ["a" "b"]}} :required ["n"]}})
(defn run [context n] (memory-set "ran" n) n)
`,
  unit: `(def AGENT {:name "unit"})
(defn run [context unit] (or unit "C"))
`,
  stain: `(def AGENT {:name "stain"})
(def seen nil)
(defn run [context mark] (let [before seen] (set! seen mark) before))
`,
};
