/** What a permission allows, in the reader's language. */
import { isWord, useWords } from "@/words";

export function usePermissionName(): (permission: string) => string {
  const { t } = useWords();
  return (permission) => {
    const key = `permissions.${permission.replace(".", "_")}`;
    return isWord(key) ? t(key) : permission;
  };
}
