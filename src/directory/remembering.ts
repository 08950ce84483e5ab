/** Makes a value once for each key, and forgets the oldest ones. */
export const remembering = <T>(most: number) => {
  const values = new Map<string, T>();
  return (key: string, make: () => T): T => {
    const value = values.get(key) ?? make();
    values.delete(key);
    values.set(key, value);
    for (const oldest of values.keys()) {
      if (values.size <= most) break;
      values.delete(oldest);
    }
    return value;
  };
};
