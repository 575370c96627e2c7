import{$a as tt,$b as vt,A as Re,Ab as ct,Ac as Lt,B as Pe,Bb as mt,Bc as K,C as O,Ca as Ge,Cb as ut,D as E,Da as Ye,Db as ft,E as _,Ec as At,F as qe,G as he,Ga as Je,Gb as pt,H as G,Ha as Ve,Hb as dt,Ia as Qe,Ib as $t,Ja as Xe,Jb as ht,Ka as ne,La as ie,Ma as q,Mb as x,Na as Q,Nb as gt,P as Ie,Rb as be,Sb as yt,T as ee,Tb as ke,Ub as ce,W as te,Wb as X,X as Oe,Xa as Ze,Xb as we,Y as _e,Ya as se,Za as et,_ as Y,ac as bt,b as Le,c as h,ca as N,cc as kt,d as y,dc as wt,e as j,f as F,fa as oe,g as Ae,ga as S,ha as re,ia as g,j as de,ja as M,jb as ot,kb as rt,kc as H,l as Fe,lb as ye,lc as R,m as o,ma as Ne,mb as nt,mc as me,n as d,na as J,nb as ae,o as $e,oa as De,oc as Se,pa as He,pc as St,qa as Ue,qc as xt,ra as Ke,rb as ve,rc as ue,sa as ze,sb as it,sc as Tt,t as Z,ta as ge,u as Be,ua as V,uc as Ct,v as Ee,va as L,vc as I,w as Me,wb as le,x as k,xb as st,y as W,ya as je,yb as at,za as We,zb as lt,zc as U}from"./chunk-6ZIKGXO6.js";function Ft({workspace:e,current:t}){if(e.connections.loaded.value&&!e.uploadsByHand&&!t)return null;let r=e.yourTurn.length;return o`
		<a href=${k("/upload")} aria-current=${t}>To upload${r>0&&o`${" "}<span class="count">${r}<span class="hidden"> waiting</span></span>`}</a>`}var Bt=[{keys:["j","k"],does:"Next or previous meeting"},{keys:["\u2193","\u2191"],does:"The same, from a meeting"},{keys:["x"],does:"Select the meeting"},{keys:["Enter"],does:"Open the meeting"},{keys:["/"],does:"Filter by title"},{keys:["Ctrl K","\u2318 K"],does:"Go to a page or a meeting"},{keys:["?"],does:"Show these keys"}];function fe({target:e}){let t=e;return t?.closest?.("dialog, textarea, select, [contenteditable]")?!0:t instanceof HTMLInputElement&&t.type!=="checkbox"}var fo={fathom:"Fathom",loom:"Loom",automation:"Automation",notifications:"Notifications",storage:"Storage",security:"Security",tokens:"API tokens",data:"Your data",appearance:"Appearance"};function Et({jobs:e,fathom:t},r){let n=r.toLowerCase().split(/\s+/).filter(Boolean),i=[{name:"Meetings",address:k("/")},...re.flatMap(({state:l,label:a})=>l?[{name:`Meetings: ${a}`,address:k(`/?state=${l}`)}]:[]),{name:"Activity",address:k("/activity")},...Be.map(l=>({name:`Settings: ${fo[l]}`,address:O(l)})),{name:"Help",address:k("/help")},...t?[{name:"Sync now",run:()=>{e.sync().catch(()=>{})}}]:[]].filter(({name:l})=>n.every(a=>l.toLowerCase().includes(a)));return n.length?[...i,{name:`Search for \u201C${r.trim()}\u201D in everything`,address:Re(r.trim())}]:i}function z({label:e,onClose:t,children:r}){let n=F(null);return y(()=>{let{current:i}=n;return i?.showModal(),()=>i?.close()},[]),o`
		<dialog class="sheet" ref=${n} aria-label=${e} onClose=${t} onClick=${i=>i.target===n.current&&t()}>
			<div class="sheet-body">${r}</div>
		</dialog>`}var po=150,$o=8;function Mt({workspace:e,onClose:t}){let[r,n]=h(""),[s,i]=h([]),[l,a]=h(0);y(()=>{let p=r.trim();if(!p){i([]);return}let v=!0,A=setTimeout(async()=>{try{let{items:T}=await e.db.send("/api/library",{method:"GET",query:{title:p,limit:$o,counts:!1}});v&&i(T.map(({id:w,title:P,recorded_at:pe})=>({name:P||"Untitled meeting",hint:ee(pe),address:W(w)})))}catch{v&&i([])}},po);return()=>{v=!1,clearTimeout(A)}},[r]);let u=[...Et(e,r),...s],c=Math.min(l,u.length-1),f=p=>{p&&(t(),p.address&&_(p.address),p.run?.())},m=p=>{let v={ArrowDown:1,ArrowUp:-1};if(p.key==="Enter")f(u[c]);else if(v[p.key]&&u.length)a((c+v[p.key]+u.length)%u.length);else return;p.preventDefault()};return o`
		<${z} label="Go to" onClose=${t}>
			<input type="text" role="combobox" autofocus placeholder="Go to a page or a meeting" aria-label="Go to a page or a meeting" autocomplete="off" maxlength="200"
				aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${u.length?`command-${c}`:void 0} value=${r} onKeyDown=${m}
				onInput=${p=>{n(p.currentTarget.value),a(0)}} />
			<ul id="palette-list" class="palette" role="listbox" aria-label="Pages and meetings">
				${u.map((p,v)=>o`
					<li key=${p.address??p.name} id=${`command-${v}`} role="option" aria-selected=${v===c?"true":"false"} onClick=${()=>f(p)}>
						<span dir="auto">${p.name}</span>${p.hint&&o`<span class="muted">${p.hint}</span>`}
					</li>`)}
			</ul>
			<p class="hidden" role="status">${u.length?"":"Nothing found"}</p>
			${!u.length&&o`<p class="muted">Nothing found.</p>`}
		</${z}>`}function Rt({onClose:e}){return o`
		<${z} label="Keyboard shortcuts" onClose=${e}>
			<h2>Keyboard shortcuts</h2>
			<dl class="shortcuts">
				${Bt.map(({keys:t,does:r})=>o`<dt key=${r}>${t.map(n=>o`<kbd key=${n}>${n}</kbd> `)}</dt><dd>${r}</dd>`)}
			</dl>
			<${d} kind="quiet" onClick=${e}>Close</${d}>
		</${z}>`}function Pt({workspace:e}){let[t,r]=h("");y(()=>{let s=i=>{if(i.defaultPrevented||i.altKey||document.querySelector("dialog[open]"))return;let l=i.ctrlKey||i.metaKey;if(l&&i.key.toLowerCase()==="k")r("palette");else{if(l||fe(i))return;if(i.key==="?")r("shortcuts");else if(i.key==="/")ho();else return}i.preventDefault()};return addEventListener("keydown",s),()=>removeEventListener("keydown",s)},[]);let n=()=>r("");return t==="palette"?o`<${Mt} workspace=${e} onClose=${n} />`:t==="shortcuts"?o`<${Rt} onClose=${n} />`:null}function ho(){E.value.page!=="meetings"&&_(k("/")),requestAnimationFrame(()=>document.getElementById("title-filter")?.focus())}function qt(e){let t=de(null),r=de(!1),n=null,s=()=>{r.value=!1,n??=e().then(l=>{t.value=l},()=>{n=null,r.value=!0})};return{Later:({name:l,...a})=>t.value?o`<${t.value[l]} ...${a} />`:r.value?o`
				<div class="page narrow">
					<${g}>This page could not be loaded. <${d} kind="link" onClick=${()=>location.reload()}>Reload</${d}></${g}>
				</div>`:(queueMicrotask(s),o`<div class="page"><${M} label="Loading" /></div>`),preload:s}}var It=()=>o`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${d} kind="quiet" onClick=${()=>location.reload()}>Reload page</${d}>
		</section>
	</div>`;var Ot=()=>o`
	<div class="foot">
		<div role="status"><${go} /></div>
		<div role="status">${J.lostAt.value>0&&o`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${yo(J.lostAt.value)}</p>`}</div>
	</div>`;function go(){let e=He.value;if(!e)return null;let t=()=>Ke().catch(r=>Ue(V(r)));return o`<p class="toast">${e.text}${e.undo&&o` <${d} kind="link" onClick=${t}>Undo</${d}>`}</p>`}var yo=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${te(new Date(e).toISOString())}.`;function _t({notice:e}){let[t,r]=h(E.value.page==="sign-up"),[n,s]=h(!1),[i,l]=h([]);y(()=>{it().then(()=>s(!0)),Ne.collection("users").listAuthMethods().then(p=>l(p.oauth2.enabled?p.oauth2.providers:[]),()=>{})},[]);let a=x($t),u=Je.value!==null;y(()=>{u&&a.run()},[]);let c=lt.value,f=F(!1);y(()=>{f.current&&!c&&document.getElementById("email")?.focus(),f.current=c!==null},[c]);let m=t?"Create account":"Sign in";return c&&(m="Enter your code"),y(()=>{ce.value=m},[m]),o`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${G} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${m}</h2>
				${e&&!c&&o`<${g} kind="note">${e}</${g}>`}
				${c&&o`<${vo} key=${c.mfaId} />`}
				${a.busy&&o`<${M} label="Signing in" />`}
				${a.error&&!c&&o`<${g}>${V(a.error)}</${g}>`}
				${!c&&!a.busy&&o`
					<${ko} key=${String(t)} isNew=${t} />
					${i.length>0&&o`<${Co} providers=${i} />`}
					${n?o`<${bo} isNew=${t} onClick=${()=>r(!t)} />`:o`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function vo(){return o`
		<${yt} id="code" send=${mt} submit=${ut} label="Sign in" onCancel=${ft} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${ke} />.</p>`}function bo({isNew:e,onClick:t}){let{signUp:r}=ve.value;return r==="closed"?o`<p class="switch">New here? Ask <${ke} /> for an account.</p>`:o`
		<p class="switch">
			${e?"Already have an account?":r==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${d} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${d}>
		</p>`}function ko({isNew:e}){let{run:t,busy:r,error:n,clear:s}=x(e?pt:ct),[i,l]=h(""),a=m=>{m.preventDefault();let p=new FormData(m.currentTarget),v=String(p.get("email")).trim();l(v),t(v,String(p.get("password")))};if(So(n))return o`<${xo} isNew=${e} email=${i} onBack=${s} />`;let u=wo(n)?"An account with this e-mail already exists. Sign in instead.":ge(n,"email"),c=ge(n,"password"),f=n&&!u&&!c;return o`
		<form onSubmit=${a}>
			<${be} id="email" label="E-mail" type="email" required autocomplete="username" error=${u}
				hint=${e&&ve.value.signUp==="invite"?"The address that was invited.":""} />
			<${be} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${c}
				hint=${e?"At least 8 characters.":""} />
			${f&&o`<${g}>${!e&&ze(n)===400?"Wrong e-mail or password.":L(n)}</${g}>`}
			<${d} type="submit" busy=${r}>${To(e,r)}</${d}>
		</form>
		${!e&&o`<p class="switch"><a href=${k("/forgot-password")}>Forgot your password?</a></p>`}`}var wo=e=>e?.response?.data?.email?.code==="validation_not_unique",So=e=>e?.response?.data?.email?.code==="validation_not_verified";function xo({isNew:e,email:t,onBack:r}){return o`
		<div>
			<${g} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${g}>
			<${gt} email=${t} label="Send the message again" />
			${!e&&o`<p><${d} kind="link" onClick=${r}>Back to the form</${d}></p>`}
		</div>`}function To(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function Co({providers:e}){let[t,r]=h(""),{run:n,busy:s,error:i}=x(dt),l=a=>{r(a),n(a)};return o`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:a,displayName:u})=>{let c=s&&t===a,f=u||a;return o`
					<${d} key=${a} kind="quiet" busy=${c} disabled=${s} onClick=${()=>l(a)}>
						${c?`Waiting for ${f}\u2026`:`Continue with ${f}`}
					</${d}>`})}
			${i&&o`<${g}>${V(i)}</${g}>`}
		</div>`}function Nt({workspace:e}){let[t,r]=h(null),{your_turn:n,on_loom:s,kept_here:i}=e.meetings.states.value;return y(()=>{e.db.send("/api/usage",{}).then(r,()=>{})},[n+s+i]),t?o`<a class="storage-glance muted" href=${O("storage")}>${N(t.bytes)}${t.quota>0&&` of ${N(t.quota)}`} used</a>`:null}function Dt({workspace:e}){let{meetings:t}=e,{view:r}=t,{filter:n,sort:s,view:i}=r.value,{types:l}=t.overview.value,a=(m,p=!1)=>_(q({...r.value,filter:{...r.value.filter,...m}}),{replace:p}),u=m=>a({min_minutes:void 0,max_minutes:void 0,...ne(`length=${m}`).filter}),c=["from","to","person","type"].filter(m=>n[m]).length+(ie(n)?1:0),f=m=>p=>m(p.currentTarget.value);return o`
		<div class="library-bar">
			<${Ao} meetings=${t} />
			<div class="library-line">
				<div class="filter" role="search">
					<label class="hidden" for="title-filter">Filter meetings by title</label>
					<${Ie} />
					<input id="title-filter" type="search" placeholder="Filter by title" autocomplete="off" maxlength="200" value=${n.title??""}
						onInput=${f(m=>a({title:m},!0))} />
				</div>
				<label class="sort"><span class="hidden">Sort</span>
					<select value=${s} onChange=${f(m=>_(q({...r.value,sort:m})))}>
						${Qe.map(([m,p])=>o`<option key=${m} value=${m} selected=${m===s}>${p}</option>`)}
					</select>
				</label>
			</div>
			<div class="library-foot">
				<details class="more-filters">
					<summary>${c?`Filters (${c})`:"Filters"}</summary>
					<div class="filter-fields">
						<label>From<input type="date" value=${n.from??""} onChange=${f(m=>a({from:m}))} /></label>
						<label>To<input type="date" value=${n.to??""} onChange=${f(m=>a({to:m}))} /></label>
						<label>Person<input type="search" maxlength="200" autocomplete="off" placeholder="Name or address" value=${n.person??""} onChange=${f(m=>a({person:m}))} /></label>
						${l.length>0&&o`
							<label>Type
								<select value=${n.type??""} onChange=${f(m=>a({type:m}))}>
									<option value="">Any type</option>
									${l.map(m=>o`<option key=${m} value=${m} selected=${m===n.type}>${m}</option>`)}
								</select>
							</label>`}
						<label>Length
							<select value=${ie(n)} onChange=${f(u)}>
								${Xe.map(([m,p])=>o`<option key=${m} value=${m} selected=${m===ie(n)}>${p}</option>`)}
							</select>
						</label>
						<button type="button" class="button primary filters-done" onClick=${Lo}>Done</button>
					</div>
				</details>
				${Q(n)&&o`<a href=${q({...r.value,filter:{}})}>Clear filters</a>`}
				<p class="muted" role="status">${!t.loading.value&&S(t.total,"meeting")}</p>
				<${Nt} workspace=${e} />
				<a href=${q({...r.value,view:i==="grid"?"list":"grid"})}>${i==="grid"?"Show a list":"Show a grid"}</a>
			</div>
		</div>`}function Lo({currentTarget:e}){let t=e.closest("details");t.open=!1,t.querySelector("summary").focus()}function Ao({meetings:e}){let{filter:t}=e.view.value,{states:r}=e.overview.value,n=Object.values(r).reduce((s,i)=>s+i,0);return o`
		<nav class="chips" aria-label="States">
			${re.map(({state:s,label:i})=>o`
				<a key=${s} class="chip" href=${q({...e.view.value,filter:{...t,state:s||void 0}})}
					aria-current=${(t.state??"")===s?"true":void 0}>${i} <span class="count">${oe(s?r[s]:n)}</span></a>`)}
		</nav>`}function Ht({root:e,total:t,columns:r,focused:n,setFocused:s,reveal:i,firstOnScreen:l,onSelect:a}){let u=F(-1);y(()=>{if(u.current<0)return;let c=e.current?.querySelector(`[data-index="${u.current}"] .row-title`);c&&(u.current=-1,c.focus({preventScroll:!0}))}),y(()=>{let c=f=>{if(f.defaultPrevented||f.ctrlKey||f.metaKey||f.altKey||fe(f))return;let m=!!e.current?.contains(document.activeElement),p=Fo(f.key,m,r);if(p){let v=Math.min(Math.max(n<0?l():n+p,0),t-1);f.preventDefault(),u.current=v,s(v),i(v)}else f.key==="x"&&m&&n>=0&&(f.preventDefault(),a(n))};return addEventListener("keydown",c),()=>removeEventListener("keydown",c)})}function Fo(e,t,r){return e==="j"?1:e==="k"?-1:t?{ArrowDown:r,ArrowUp:-r,...r>1&&{ArrowRight:1,ArrowLeft:-1}}[e]??0:0}var Bo="(max-width: 40rem)";function Ut(e,t,r){let n=()=>{let l=Number.parseFloat(getComputedStyle(document.documentElement).fontSize)||16,a=matchMedia(Bo).matches,u=(e.current?.clientWidth||Math.min(innerWidth-32,1100))/l,c={row:(a?8.5:5.5)*l,columns:1},f={row:17.5*l,columns:Math.max(1,Math.floor(u/16))};return{...t==="grid"?f:c,heading:r?3*l:0}},[s,i]=h(n);return y(()=>{let l=()=>i(a=>{let u=n();return JSON.stringify(a)===JSON.stringify(u)?a:u});return l(),addEventListener("resize",l),()=>removeEventListener("resize",l)},[t,r]),s}function Kt({selection:e,meeting:t,index:r}){let n=({currentTarget:s,shiftKey:i})=>e.set(t,r,s.checked,i);return o`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t.id)} aria-label=${`Select: ${t.title||"Untitled meeting"}`} onClick=${n} />
		</label>`}function zt({workspace:e,meeting:t,index:r,total:n,line:s,column:i,measures:{row:l,columns:a}}){let u={top:`${s*l}px`,height:`${l}px`,left:`${100*i/a}%`,width:`${100/a}%`};if(!t)return o`<li class="row selectable pending" aria-hidden="true" style=${u}><span class="thumb"></span></li>`;let c=[`${ee(t.recorded_at)}, ${te(t.recorded_at)}`,Y(t.duration),t.recorded_by?.name].filter(Boolean);return o`
		<li class="row selectable" data-index=${r} aria-setsize=${n} aria-posinset=${r+1} style=${u}>
			<${Kt} selection=${e.selection} meeting=${t} index=${r} />
			<div class="row-lead">
				<${xt} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${W(t.id)}>${t.title||"Untitled meeting"}</a>
					<p class="muted">${c.join(" \xB7 ")}${t.withdrawn_at&&o` <${Se} tone="plain">No longer at Fathom</${Se}>`}</p>
				</div>
			</div>
			<div class="row-side"><${Eo} workspace=${e} meeting=${t} /></div>
		</li>`}function Eo({workspace:e,meeting:t}){let r=e.transferOf(t.recording_id),n=r&&e.jobs.records.value.get(r.job),s=e.stateOf(t.recording_id,tt(r)?X(...se(n,e.jobs)):Date.now()),{run:i,busy:l,error:a}=x(()=>e.jobs.transfer(t.recording_id,s.phase==="failed"?et(n):{}),"The copy starts.",()=>()=>e.jobs.cancelTransfer(t.recording_id)),u=m=>o`
		<${d} kind="quiet small" busy=${l} aria-label=${`${m}: ${t.title}`} onClick=${i}>${m}</${d}>
		${a&&o`<span class="error" role="alert">${L(a)}</span>`}`,c=je(r?.share_url||t.loom_url),f=o`<${St} state=${s} />`;switch(s.phase){case"done":return o`${f}${c&&o`<${we} href=${c}>Watch on Loom</${we}>`}`;case"upload":return o`${f}<a class="button quiet small" href=${W(t.id)}>Upload to Loom</a>`;case"waiting":return o`${f}<p class="row-reason muted">${s.detail}</p>`;case"running":return o`${f}<${vt} workspace=${e} transferID=${r?.id??""} state=${s} name=${`Progress of ${t.title}`} />`;case"failed":return o`${f}${u("Retry")}`;case"none":return o`${f}${u(R(e.delivery))}`;default:return f}}function jt({sections:e,current:t,root:r}){let n=new Map;for(let i of e){let l=i.name.slice(0,4);l&&!n.has(l)&&n.set(l,i)}if(n.size<2)return null;let s=i=>scrollBy({top:(r.current?.getBoundingClientRect().top??0)+i});return o`
		<nav class="years" aria-label="Years">
			${[...n].map(([i,{top:l}])=>o`
				<button type="button" key=${i} aria-current=${t.startsWith(i)?"true":void 0} onClick=${()=>s(l)}>${i}</button>`)}
		</nav>`}var Wt=3,Mo=50;function Gt({workspace:e}){let{meetings:t,selection:r}=e,{sort:n,view:s}=t.view.value,{months:i,total:l}=t.overview.value,a=n==="newest"||n==="oldest",u=F(null),c=Ut(u,s,a),f=Ae(()=>ot(a?i.map(({month:$,count:b})=>({name:$,count:b})):[{name:"",count:l}],c),[i,l,a,c]),[m,p]=h({top:0,bottom:globalThis.innerHeight});j(()=>{let $=()=>{let b=c.row,C=Math.floor(-(u.current?.getBoundingClientRect().top??0)/b)*b;p(D=>D.top===C&&D.bottom===C+innerHeight+b?D:{top:C,bottom:C+innerHeight+b})};return $(),addEventListener("scroll",$,{passive:!0}),addEventListener("resize",$),()=>{removeEventListener("scroll",$),removeEventListener("resize",$)}},[c,f]);let[v,A]=l<=Mo?[0,l]:ae(f,m.top-Wt*c.row,m.bottom+Wt*c.row);y(()=>t.want(v,A),[v,A,t.pages.value]);let[T,w]=h(-1),P=$=>{let b=(u.current?.getBoundingClientRect().top??0)+nt(f,$),C=c.heading+c.row;b<C?scrollBy({top:b-C}):b+c.row>innerHeight-16&&scrollBy({top:b+2*c.row-innerHeight})};Ht({root:u,total:l,columns:c.columns,focused:T,setFocused:w,reveal:P,firstOnScreen:()=>ae(f,m.top+c.row,m.bottom)[0],onSelect:$=>{let b=t.at($);b&&r.set(b,$,!r.has(b.id))}});let pe=({target:$})=>w(Number($.closest("[data-index]")?.dataset.index??-1)),mo=({relatedTarget:$})=>$&&!u.current?.contains($)&&w(-1),Ce=new Set(rt(v,A));T>=0&&T<l&&Ce.add(T);let uo=f.sections.filter($=>$===ye(f,T)||$.first<A&&$.first+$.count>v);return o`
		<div class=${`library ${s}`} ref=${u} aria-busy=${t.loading.value?"true":void 0} style=${{height:`${f.height}px`}} onFocusIn=${pe} onFocusOut=${mo}>
			${uo.map($=>o`
				<section class="month" key=${$.name||"all"} style=${{top:`${$.top}px`,height:`${$.height}px`}}>
					${a&&o`<h2>${Oe($.name)}</h2>`}
					<ul class="rows" style=${{height:`${$.height-c.heading}px`}}>
						${[...Ce].filter(b=>b>=$.first&&b<$.first+$.count).sort((b,C)=>b-C).map(b=>{let C=b-$.first,D=t.at(b);return o`<${zt} key=${D?.id??b} workspace=${e} meeting=${D} index=${b} total=${l}
								line=${Math.floor(C/c.columns)} column=${C%c.columns} measures=${c} />`})}
					</ul>
				</section>`)}
		</div>
		${a&&o`<${jt} sections=${f.sections} current=${ye(f,ae(f,m.top+c.row,m.bottom)[0])?.name??""} root=${u} />`}`}function Yt({workspace:e}){let{selection:t,meetings:r,db:n}=e,s=t.meetings.filter(({recording:c})=>c);if(!s.length)return null;let i=async()=>{try{for(let{recording:c=""}of s)await n.collection("recordings").delete(c);t.clear()}finally{r.refreshSoon()}},l=N(s.reduce((c,{size:f=0})=>c+f,0)),a=s.filter(({recording_id:c})=>e.transferOf(c)?.status!=="delivered").length,u=a?` ${S(a,"of them is","of them are")} not on Loom yet. You can copy ${a===1?"it":"them"} again.`:" The videos on Loom are kept.";return o`
		<${I} label=${`Delete ${S(s.length,"copy","copies")}`} confirmLabel="Delete" action=${i}
			question=${`Delete ${S(s.length,"video")} here and free ${l}?${u}`} />`}function Jt({workspace:e}){let{selection:t,meetings:r}=e,[n,s]=h(null),[i,l]=h({}),{count:a,bytes:u,seconds:c}=t.summary,{run:f,busy:m,error:p,clear:v}=x(async P=>{s(null),s(await e.transferMany(t.request,P?i:{deliver:P})),t.clear()}),A=({currentTarget:{checked:P}})=>{v(),P?t.selectAll():t.clear()},T=a>0&&a===r.total,w=[`${oe(a)} selected`,u?N(u):Y(c)&&`${Y(c)} of recordings`];return o`
		<div class=${`selection${a?" open":""}`} role="group" aria-label="Selected meetings">
			<label>
				<input type="checkbox" checked=${T} indeterminate=${a>0&&!T} onChange=${A} />
				${r.total===1?"Select the meeting":`Select all ${S(r.total,"meeting")}`}
			</label>
			<span class="muted" aria-live="polite">${a>0&&w.filter(Boolean).join(" \xB7 ")}</span>
			${a>0&&o`
				<div class="actions">
					${e.fathom&&o`
						<${d} kind="primary small" busy=${m} onClick=${()=>f(!0)}>${R(H(e.delivery,i),a)}</${d}>
						<${d} kind="quiet small" busy=${m} onClick=${()=>f(!1)}>Only keep a copy here</${d}>`}
					<${Ct} kind="quiet small" db=${e.db} selection=${t.request} />
					<${Yt} workspace=${e} />
					<${d} kind="link" onClick=${()=>t.clear()}>Clear</${d}>
				</div>
				${e.fathom&&o`<${U} workspace=${e} id="selected" choice=${i} onChange=${l} many=${!0} />`}`}
			${p&&o`<${g}>${L(p)}</${g}>`}
			${!a&&o`<${K} result=${n} />`}
		</div>`}function Vt({workspace:e}){let{run:t,busy:r,error:n}=x(()=>e.jobs.sync({full:!0}));return o`
		<${d} kind="link" busy=${r} onClick=${t}>Check all meetings</${d}>
		${n&&o`<span class="error" role="alert">${L(n)}</span>`}`}var Ro=50;function Qt({workspace:{db:e},sync:t}){let[r,n]=h(null),{run:s,error:i}=x(async()=>n(await e.collection("unreadable_meetings").getList(1,Ro,{sort:"-created"})));return y(()=>{s()},[t.id,t.finished_at]),i?o`<p class="error" role="alert">${L(i)} <${d} kind="link" onClick=${s}>Try again</${d}></p>`:r?.totalItems?o`
		<details class="unreadable">
			<summary>${S(r.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${r.items.map(({id:l,recording_id:a,reason:u})=>o`
					<li key=${l}><strong>${a?`Recording ${a}`:"A meeting without an id"}</strong> <span class="muted">${u}</span></li>`)}
			</ul>
			${r.totalItems>r.items.length&&o`<p class="muted">The latest ${r.items.length} are shown.</p>`}
		</details>`:null}function Xt({workspace:e}){let t=e.jobs.lastSync;return o`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?o`<p class="error">Last sync failed: ${t.error}</p>`:o`<p class="muted">${Po(e.jobs,t)}</p>`}
			</div>
			${t&&$e(t)&&o`<${bt} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!$e(t)&&e.fathom&&o`<${Vt} workspace=${e} />`}
			${t&&o`<${Qt} workspace=${e} sync=${t} />`}
		</div>`}function Po(e,t){switch(t?.status){case"pending":case"failed":{let r=Ze(t,e,X(...se(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${r}`:`The sync waits. ${r}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${_e(t.finished_at,X(t.finished_at))} \xB7 ${qo(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function qo(e){return[e?.added?S(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}function Zt({workspace:e}){let[t,r]=h(null),[n,s]=h({}),i=e.meetings.states.value.at_fathom,l=async()=>r(await e.transferMany({library:{state:"at_fathom"}},n)),a=H(e.delivery,n);return o`
		${i>0&&o`
			<${I} kind="primary" label=${R(e.delivery,i)} confirmLabel=${R(a,i)}
				question=${me(a,i)} action=${l}>
				<${U} workspace=${e} id="all" choice=${n} onChange=${s} many=${!0} />
			</${I}>`}
		<${K} result=${t} />`}function to({workspace:e}){let[t,r]=h(null),[n,s]=h(null),[i,l]=h({}),{meetings:a}=e,u=H(e.delivery,i),c={library:a.filter},{run:f,error:m}=x(async w=>{s(await e.transferMany(c,{...w,dryRun:!0}))}),p=a.total;if(!p||a.loading.value)return null;let v=async()=>{let w=await e.transferMany(c,{...i,dryRun:!0});if(!w.created)throw new Error(eo(w,u));s(w)},A=w=>{l(w),w.byHand!==i.byHand&&f(w)},T=async()=>r(await e.transferMany(c,i));return o`
		<${I} kind="primary" label=${`Copy ${S(p,"matching meeting")}`} confirmLabel=${R(u,n?.created)} prepare=${v}
			question=${n?eo(n,u):""} action=${T}>
			<${U} workspace=${e} id="matching" choice=${i} onChange=${A} many=${!0} />
			${m&&o`<${g}>${L(m)}</${g}>`}
		</${I}>
		<${K} result=${t} />`}function eo({created:e,active:t,skipped:r,waiting:n},s){let i=Lt({active:t,skipped:r,waiting:n});return e?`${me(s,e)} ${i}`:`There is nothing to copy. ${i}`}var xe="first-run";function oo({user:e,meetings:t,fathom:r},n){let s=F(void 0),i=sessionStorage.getItem(xe)===e.id;n?s.current=!0:!i&&!s.current?s.current=!1:s.current===void 0&&t.loaded.value&&(s.current=t.states.value.at_fathom===t.totalOfAll.value);let l=s.current?n||!!r:s.current??void 0;return y(()=>{n?sessionStorage.setItem(xe,e.id):i&&s.current===!1&&sessionStorage.removeItem(xe)},[n,i,s.current]),l}function no({workspace:e,query:t}){let{meetings:r,selection:n}=e;j(()=>{let m=ne(t);JSON.stringify(m.filter)!==JSON.stringify(r.view.value.filter)&&n.clear(),r.show(m)},[t]),j(()=>{let m=r.scroll;requestAnimationFrame(()=>scrollTo(0,m));let p=()=>{r.scroll=scrollY};return addEventListener("scroll",p,{passive:!0}),()=>removeEventListener("scroll",p)},[]);let s=r.loaded.value&&e.connections.loaded.value,i=r.error.value||e.connections.error.value,l=s&&!r.totalOfAll.value,a=oo(e,l),u=s&&a!==void 0,c=e.fathom?.status==="invalid",f=!c&&o`<${Xt} workspace=${e} />`;return o`
		<div class="page">
			<div class="page-head">
				<div>
					<${ue} title="Meetings" />
					${u&&!a&&f}
				</div>
				${u&&!a&&e.fathom&&o`<${ro} workspace=${e} />`}
			</div>
			${c&&!(a&&l)&&o`
				<${g}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${O("fathom")}>Replace the key</a></${g}>`}
			${u&&!l&&!e.fathom&&o`
				<${g} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${O("fathom")}>Connect Fathom</a></${g}>`}
			${i&&o`<${g}>${i} <${d} kind="link" onClick=${()=>Io(e)}>Try again</${d}></${g}>`}
			${!u&&!i&&o`<${M} label="Loading meetings" />`}
			${u&&a&&o`<${wt} workspace=${e} />`}
			${u&&a&&!l&&o`<div class="first-tools"><div>${f}</div><${ro} workspace=${e} /></div>`}
			${u&&!l&&o`<${Tt} /><${Dt} workspace=${e} /><${Oo} workspace=${e} />`}
		</div>`}function Io(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function ro({workspace:e}){let{meetings:t}=e,r=Q(t.view.value.filter);return o`
		<div class="actions list-actions">
			<${kt} workspace=${e} />
			${r?o`<${to} key=${JSON.stringify(t.filter)} workspace=${e} />`:o`<${Zt} workspace=${e} />`}
		</div>`}function Oo({workspace:e}){let{meetings:t}=e,{view:r}=t;return t.total?o`
		<${Jt} workspace=${e} />
		<${Gt} workspace=${e} />`:t.loading.value?o`<${M} label="Searching" />`:o`
			<section class="empty">
				<h2>No matches</h2>
				<p>${r.value.filter.title?`No meeting has \u201C${r.value.filter.title.trim()}\u201D in its title${Q({...r.value.filter,title:""})?" and matches the filters":""}.`:"No meeting matches the filters."}</p>
				<a class="button quiet" href=${q({...r.value,filter:{}})}>Show all meetings</a>
			</section>`}var io=()=>o`
	<div class="page narrow">
		<${ue} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${k("/")}>Go to your meetings</a></p>
	</div>`;var{Later:B,preload:_o}=qt(()=>import("./more_pages-GLRIHEFV.js"));function so(){let e=le.value,{page:t}=E.value;if(Ee(E.value))return o`<${B} key=${location.hash} name=${No[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return o`<${B} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return o`<main class="splash"><${M} label="Loading your meetings" /></main>`;case"offline":return o`
				<main class="splash">
					<${G} />
					<p role="alert">${e.notice}</p>
					<${d} onClick=${at}>Try again</${d}>
				</main>`;case"signed-out":return o`<${_t} notice=${e.notice||Do()} />`;default:return o`<${Ho} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var No={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function Do(){return E.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":We.value?"Sign in to finish connecting Atlassian.":""}function Ho({workspace:e}){let t=E.value;y(()=>{let n=setTimeout(_o,1e3);return()=>clearTimeout(n)},[]);let r=(...n)=>n.includes(t.page)?"page":void 0;return o`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${Ko}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${k("/")} aria-label="Fathom-to-Loom: meetings"><${G} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${k("/")} aria-current=${r("meetings","meeting","search")}>Meetings</a>
				<${Ft} workspace=${e} current=${r("upload")} />
				<a href=${Pe()} aria-current=${r("activity")}>Activity</a>
				<a href=${k("/settings")} aria-current=${r("settings","atlassian-callback")}>Settings</a>
				<a href=${k("/help")} aria-current=${r("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${ht}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${J.lostAt.value>0?"stale":""}>
			<${he} key=${Me(t)} fallback=${o`<${It} />`}>
				<${Uo} workspace=${e} route=${t} />
			</${he}>
		</main>
		<${Ot} />
		<${Pt} workspace=${e} />`}function Uo({workspace:e,route:t}){switch(t.page){case"upload":return o`<${B} name="UploadPage" workspace=${e} />`;case"activity":return o`<${B} name="ActivityPage" workspace=${e} query=${t.query} />`;case"settings":return o`<${B} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return o`<${B} name="HelpPage" />`;case"atlassian-callback":return o`<${B} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return o`<${B} name="AuthorizePage" query=${t.query} />`;case"meeting":return o`<${B} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} tab=${t.tab} />`;case"search":return o`<${B} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return o`<${io} />`;default:return o`<${no} workspace=${e} query=${"query"in t?t.query:""} />`}}function Ko(e){e.preventDefault(),document.getElementById("content")?.focus()}function ao(){Fe(()=>{let{value:e}=le,t=e.phase==="ready"?zo(e.workspace.jobs.transferring.value,s=>e.workspace.stateOf(s)):"";document.title=[t,ce.value,"Fathom-to-Loom"].filter(Boolean).join(" \xB7 ");let r=document.querySelector("link[rel=icon]"),n=`${Z()}/${t?"favicon-busy.svg":"favicon.svg"}`;r&&r.href!==n&&(r.href=n)})}function zo(e,t){let[r]=e;return e.size<=1?e.size?t(r).label:"":S(e.size,"copy","copies")}function co(e){let t=[];e.addEventListener("focusin",r=>{t=jo(r.target,e)}),document.addEventListener("pointerdown",r=>{t.length&&!t[0].contains(r.target)&&(t=[])},{capture:!0}),new MutationObserver(()=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let r=Wo(t,e);t=[],r&&(r.tabIndex<0&&(r.tabIndex=-1),r.focus({preventScroll:!0}),r.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}function jo(e,t){let r=[];for(let n=e;n&&n!==t;n=n.parentElement)r.push(n);return r}var lo="h1, h2, h3, .row-title";function Wo(e,t){for(let{dataset:r,isConnected:n}of e){let s=!n&&r.keep&&t.querySelector(`[data-keep="${CSS.escape(r.keep)}"]`);if(s)return s.querySelector(lo)}for(let r=e.find(({isConnected:n})=>n)??t;r;r=r===t?null:r.parentElement??t){let n=r.querySelector(lo);if(n)return n}return null}At();Ye();Ve();addEventListener("pageshow",Ge);De(Z());qe();st();ao();var Te=document.getElementById("app");Te&&(co(Te),Le(o`<${so} />`,Te));
