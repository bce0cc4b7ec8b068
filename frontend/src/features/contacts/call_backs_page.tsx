export function CallBacksPage() {
  return null;
}
