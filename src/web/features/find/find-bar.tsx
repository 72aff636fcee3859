/** In the toolbar of the log: the search, the filters, and how many lines are left. */
import type { VNode } from 'preact'
import { FilterChips } from './filter-chips.tsx'
import type { Finder } from './finder.ts'
import { SearchBox } from './search-box.tsx'
import './find-bar.css'

export function FindBar({ finder }: { readonly finder: Finder }): VNode {
  return (
    <div class="find-bar">
      <SearchBox finder={finder} />
      <div class="filter-chips">
        <FilterChips finder={finder} />
      </div>
    </div>
  )
}
