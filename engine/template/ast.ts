import type { ArithmeticOperator } from './arithmetic.ts';

/** A stretch of the template's text, as UTF-16 indexes. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** One argument list: `f(a, b=1, *rest, **more)`. */
export interface ArgumentList {
  readonly positional: readonly Expr[];
  readonly named: readonly { readonly name: string; readonly value: Expr }[];
  readonly rest?: Expr | undefined;
  readonly more?: Expr | undefined;
}

/** The operators that compare, chained as in Python. */
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** An expression. */
export type Expr = Stretch &
  (
    | { readonly kind: 'constant'; readonly value: null | boolean | number | bigint | string }
    | { readonly kind: 'float'; readonly value: number }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list'; readonly items: readonly Expr[] }
    | { readonly kind: 'tuple'; readonly items: readonly Expr[] }
    | { readonly kind: 'dict'; readonly entries: readonly { readonly key: Expr; readonly value: Expr }[] }
    | { readonly kind: 'attribute'; readonly object: Expr; readonly name: string }
    | { readonly kind: 'item'; readonly object: Expr; readonly key: Expr }
    | {
        readonly kind: 'slice';
        readonly object: Expr;
        readonly from?: Expr;
        readonly to?: Expr;
        readonly step?: Expr;
      }
    | { readonly kind: 'call'; readonly callee: Expr; readonly args: ArgumentList }
    | {
        readonly kind: 'filter';
        readonly name: string;
        readonly nameAt: Stretch;
        readonly input: Expr;
        readonly args: ArgumentList;
      }
    | {
        readonly kind: 'test';
        readonly name: string;
        readonly nameAt: Stretch;
        readonly input: Expr;
        readonly args: ArgumentList;
      }
    | { readonly kind: 'not'; readonly operand: Expr }
    | { readonly kind: 'sign'; readonly operator: '-' | '+'; readonly operand: Expr }
    | {
        readonly kind: 'arithmetic';
        readonly operator: ArithmeticOperator;
        readonly left: Expr;
        readonly right: Expr;
      }
    | { readonly kind: 'concat'; readonly parts: readonly Expr[] }
    | {
        readonly kind: 'comparison';
        readonly first: Expr;
        readonly rest: readonly { readonly operator: ComparisonOperator; readonly operand: Expr }[];
      }
    | { readonly kind: 'and' | 'or'; readonly left: Expr; readonly right: Expr }
    | { readonly kind: 'condition'; readonly test: Expr; readonly whenTrue: Expr; readonly otherwise?: Expr }
    /** The input of a filter block: the text of its body. */
    | { readonly kind: 'captured' }
  );

/** What can stand left of `=` in `set`, or after `for`. */
export type Target = Stretch &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'field'; readonly name: string; readonly field: string }
    | { readonly kind: 'unpack'; readonly targets: readonly Target[] }
  );

/** The parameters of a macro or call block. */
export interface Parameter {
  readonly name: string;
  readonly preset?: Expr;
}

/** A statement: literal text, an output, or a block tag. */
export type Statement = Stretch &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'output'; readonly value: Expr }
    | {
        readonly kind: 'if';
        readonly branches: readonly { readonly test: Expr; readonly body: readonly Statement[] }[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'for';
        readonly target: Target;
        readonly iterable: Expr;
        readonly test?: Expr;
        readonly recursive: boolean;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | { readonly kind: 'set'; readonly target: Target; readonly value: Expr }
    | {
        readonly kind: 'capture';
        readonly target: Target;
        readonly filters: Expr;
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'with';
        readonly assignments: readonly { readonly target: Target; readonly value: Expr }[];
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'macro';
        readonly name: string;
        readonly parameters: readonly Parameter[];
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'caller';
        readonly call: Expr;
        readonly parameters: readonly Parameter[];
        readonly body: readonly Statement[];
      }
    | { readonly kind: 'filter-block'; readonly filters: Expr; readonly body: readonly Statement[] }
    | { readonly kind: 'do'; readonly value: Expr }
    | { readonly kind: 'scope'; readonly body: readonly Statement[] }
    | {
        readonly kind: 'block';
        readonly name: string;
        readonly scoped: boolean;
        readonly required: boolean;
        readonly body: readonly Statement[];
      }
    | { readonly kind: 'extends'; readonly template: Expr }
    | {
        readonly kind: 'include';
        readonly template: Expr;
        readonly ignoreMissing: boolean;
        readonly withContext: boolean;
      }
    | {
        readonly kind: 'import';
        readonly template: Expr;
        readonly name: string;
        readonly withContext: boolean;
      }
    | {
        readonly kind: 'from';
        readonly template: Expr;
        readonly names: readonly { readonly name: string; readonly as: string }[];
        readonly withContext: boolean;
      }
    | { readonly kind: 'break' }
    | { readonly kind: 'continue' }
  );
