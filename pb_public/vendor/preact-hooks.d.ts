// The part of Preact’s hooks that the web app uses.
export function useState<T>(initial: T | (() => T)): [T, (next: T | ((before: T) => T)) => void];
export function useEffect(effect: () => void | (() => void), inputs?: unknown[]): void;
export function useLayoutEffect(effect: () => void | (() => void), inputs?: unknown[]): void;
export function useMemo<T>(make: () => T, inputs: unknown[]): T;
export function useRef<T>(initial: T | null): { current: T | null };
export function useId(): string;
export function useCallback<T extends (...args: any[]) => any>(callback: T, inputs: unknown[]): T;
