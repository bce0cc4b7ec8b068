/** Contacts: search by number, agent, queue, outcome and time; one contact's whole story in the drawer's place. */
import { Route, Routes } from "react-router";
import { ContactPage } from "./contact_page";
import { ContactSearch } from "./contact_search";

export function ContactsPage() {
  return (
    <Routes>
      <Route index element={<ContactSearch />} />
      <Route path=":contactId" element={<ContactPage />} />
    </Routes>
  );
}
