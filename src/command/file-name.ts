/** Whether a name of a file inside an artifact can be written below a folder: relative, with no step upwards, no control characters. */
export function safeFileName(name: string): boolean {
  if (name === '' || name.length > 1024 || /[\u0000-\u001f\u007f\\]/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
