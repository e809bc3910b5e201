// Resolved WIT as data: the shape in which published tools print it as JSON (spec 4), so that both readers of it, of
// text and of component binaries, give the same thing. Arrays are arenas: an index names an entry.

/** Everything that was resolved together: indices of one of these never mean anything in another. */
export type ResolvedWit = {
  readonly worlds: readonly World[];
  readonly interfaces: readonly Interface[];
  readonly types: readonly TypeDefinition[];
  readonly packages: readonly Package[];
};

/** Indices into the arenas of {@link ResolvedWit}. */
export type WorldId = number;
export type InterfaceId = number;
export type TypeId = number;
export type PackageId = number;

/** A package: its name with its version, `ns:name@1.2.3`. */
export type Package = {
  readonly name: string;
  readonly docs?: Docs;
  readonly interfaces: { readonly [name: string]: InterfaceId };
  readonly worlds: { readonly [name: string]: WorldId };
};

/** A world. Keys of imports and exports are names of their own, or `interface-N` for an interface by its id. */
export type World = {
  readonly name: string;
  readonly imports: { readonly [key: string]: WorldItem };
  readonly exports: { readonly [key: string]: WorldItem };
  readonly package: PackageId;
  readonly docs?: Docs;
  readonly stability?: Stability;
};

export type WorldItem =
  | { readonly interface: { readonly id: InterfaceId; readonly stability?: Stability; readonly docs?: Docs } }
  | { readonly function: WitFunction }
  | { readonly type: TypeId };

/** An interface; one written inside a world has no name. */
export type Interface = {
  readonly name: string | null;
  readonly types: { readonly [name: string]: TypeId };
  readonly functions: { readonly [name: string]: WitFunction };
  readonly package: PackageId;
  readonly docs?: Docs;
  readonly stability?: Stability;
};

/** A function; `[method]r.f` and its like for those of resources. */
export type WitFunction = {
  readonly name: string;
  readonly kind: FunctionKind;
  readonly params: readonly Parameter[];
  readonly result?: Type;
  readonly docs?: Docs;
  readonly stability?: Stability;
};

export type Parameter = { readonly name: string; readonly type: Type };

/** What a function belongs to; the number is the resource. */
export type FunctionKind =
  | 'freestanding'
  | 'async-freestanding'
  | { readonly method: TypeId }
  | { readonly 'async-method': TypeId }
  | { readonly static: TypeId }
  | { readonly 'async-static': TypeId }
  | { readonly constructor: TypeId };

export type Primitive =
  | 'bool'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 's8'
  | 's16'
  | 's32'
  | 's64'
  | 'f32'
  | 'f64'
  | 'char'
  | 'string'
  | 'error-context';

/** A primitive, or the index of a definition. */
export type Type = Primitive | TypeId;

export type TypeDefinition = {
  readonly name: string | null;
  readonly kind: TypeKind;
  readonly owner: TypeOwner;
  readonly docs?: Docs;
  readonly stability?: Stability;
};

/** Where a type was declared; null for one without a name. */
export type TypeOwner = { readonly interface: InterfaceId } | { readonly world: WorldId } | null;

export type TypeKind =
  | 'resource'
  | { readonly record: { readonly fields: readonly Field[] } }
  | { readonly flags: { readonly flags: readonly Named[] } }
  | { readonly tuple: { readonly types: readonly Type[] } }
  | { readonly variant: { readonly cases: readonly Case[] } }
  | { readonly enum: { readonly cases: readonly Named[] } }
  | { readonly option: Type }
  | { readonly result: { readonly ok: Type | null; readonly err: Type | null } }
  | { readonly list: Type }
  | { readonly map: readonly [key: Type, value: Type] }
  | { readonly 'fixed-length-list': readonly [item: Type, length: number] }
  | { readonly future: Type | null }
  | { readonly stream: Type | null }
  | { readonly handle: { readonly own: TypeId } | { readonly borrow: TypeId } }
  /** Another name of a type. */
  | { readonly type: Type };

export type Field = { readonly name: string; readonly type: Type; readonly docs?: Docs };
export type Case = { readonly name: string; readonly type: Type | null; readonly docs?: Docs };
export type Named = { readonly name: string; readonly docs?: Docs };

export type Docs = { readonly contents: string | null };

/** Since when something is there, or behind which feature. */
export type Stability =
  | { readonly stable: { readonly since: string; readonly deprecated?: string | null } }
  | { readonly unstable: { readonly feature: string; readonly deprecated?: string | null } };
